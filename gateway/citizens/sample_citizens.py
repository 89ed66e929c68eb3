"""Sample citizens: made-up phones of a ward, to try a campaign on. A real carrier is never asked to send to one."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ARRAY, Integer, String, any_, case, cast, func, literal, select, true
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from gateway import database
from gateway.county.county_book import the_county
from gateway.errors import BadCitizens
from models import Citizen, Ward

PREFIX = "+254199"  # no operator has it
MOST = 999_999
LOCK = 15483  # one at a time, or two would draw the same numbers


def make(db: Session, number: int, ward_code: str, now: datetime) -> int:
    """Brings the sample citizens of a ward to a number, in the county's languages by turns; gives how many were added.

    Raises `BadCitizens` for a ward there is none of, and for more than the made-up range holds.
    """
    ward = db.get(Ward, ward_code)
    if ward is None or ward.retired_at is not None:
        raise BadCitizens(f"no ward has the code {ward_code}")
    db.execute(select(func.pg_advisory_xact_lock(LOCK)))
    samples = Citizen.phone.startswith(PREFIX)
    there = db.scalar(select(func.count()).where(samples, Citizen.ward_code == ward_code)) or 0
    newest = db.scalar(select(func.max(Citizen.phone)).where(samples))
    last = int(newest.removeprefix(PREFIX)) if newest else 0
    wanted = max(0, number - there)
    if last + wanted > MOST:
        raise BadCitizens(f"there is room for {MOST - last:,} more sample citizens only")
    if wanted:
        _add(db, range(last + 1, last + wanted + 1), ward_code, now)
    return wanted


def _add(db: Session, numbers: range, ward_code: str, now: datetime) -> None:
    languages = the_county(db).languages
    n = func.generate_series(numbers.start, numbers.stop - 1, type_=Integer).column_valued("n")
    by_turns = case(
        *((n % len(languages) == turn, literal(language)) for turn, language in enumerate(languages)),
        else_=literal(languages[0]),
    )
    phone = func.concat(PREFIX, func.lpad(cast(n, String), 6, "0"))
    rows = select(phone, by_turns, literal(ward_code), literal(now), true())
    names = ["phone", "language", "ward_code", "first_seen_at", "is_sample"]
    db.execute(insert(Citizen).from_select(names, rows).on_conflict_do_nothing())


def among(phones: Sequence[str]) -> set[str]:
    """Gives those of the phones that are sample citizens': what an adapter refuses to send to."""
    named = Citizen.phone == any_(literal(list(phones), ARRAY(String)))
    with database.transaction() as db:
        return set(db.scalars(select(Citizen.phone).where(named, Citizen.is_sample)))
