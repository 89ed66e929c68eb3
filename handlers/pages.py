"""The front page: what this is, and where to go on."""

from flask import Blueprint, render_template

from handlers import current

blueprint = Blueprint("pages", __name__)


@blueprint.get("/")
def front() -> str:
    """Says what this is and leads on."""
    return render_template("front.html", settings=current.settings())
