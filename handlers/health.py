"""Alive? Ready? Both tell no more than the short name of a cause."""

from datetime import UTC, datetime

from flask import Blueprint, Response, jsonify

from gateway.operations import health
from handlers import current

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def healthz() -> Response:
    """The process lives."""
    return jsonify(alive=True)


@blueprint.get("/readyz")
def readyz() -> tuple[Response, int]:
    """Whether citizens can be answered, and what is amiss.

    503 only for what stops the answers: with Redis away or a lane closed USSD goes on, and no balancer may stop it.
    """
    blockers, troubles = health.check(current.settings(), datetime.now(UTC), current.began())
    return jsonify(ready=not blockers, causes=blockers + troubles), 503 if blockers else 200
