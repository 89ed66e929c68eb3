"""Citizens: a phone number and what it chose. Nothing else is asked of anybody."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class Citizen(Base):
    """A phone that wrote to the county."""

    __tablename__ = "citizen"

    phone: Mapped[str] = mapped_column(String(16), primary_key=True)  # E.164
    language: Mapped[str | None] = mapped_column(String(3))  # None until the citizen chose
    ward_code: Mapped[str | None] = mapped_column(ForeignKey("ward.code"))  # the ward used last time
    first_seen_at: Mapped[datetime]
    opted_out_at: Mapped[datetime | None]  # when it was last said; answers to one's own case still come
    is_sample: Mapped[bool] = mapped_column(default=False)  # a made-up citizen is never sent to by a real carrier
