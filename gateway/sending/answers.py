"""The carrier's answers to one request, and all that follows from them: for each message, its lane, its campaign."""

from datetime import datetime

from sqlalchemy.orm import Session

from gateway.carriers import SendResult
from gateway.citizens import consent
from gateway.outbox import delivery_reports, lanes, settling
from gateway.outbox.settling import Answers
from gateway.sending import brakes
from models import LaneName


def take(db: Session, lane: LaneName, answers: Answers, now: datetime) -> None:
    """Settles the messages of one request and does what their answers order. All are of one campaign, or of none."""
    settling.settle_all(db, answers, now)
    results = list({_gist(result): result for _, result in answers}.values())
    for result in results:
        lanes.obey(db, lane, result, now)
    for claimed, result in answers:
        if result.opts_out:
            consent.opt_out(db, claimed.phone, now)
    delivery_reports.apply_early(db, {result.carrier_id for _, result in answers if result.carrier_id}, now)
    campaign_id = answers[0][0].campaign_id
    if campaign_id is not None:
        brakes.obey(db, campaign_id, results, now)


def _gist(result: SendResult) -> tuple[object, ...]:
    """Gives what a result means for the lane: of a batch's hundred equal ones the lane hears once."""
    return result.verdict, result.lane, result.http_status, result.reason
