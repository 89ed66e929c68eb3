"""When each periodic job last ended well."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class Run(Base):
    """The last good run of one periodic job."""

    __tablename__ = "run"

    job: Mapped[str] = mapped_column(String(32), primary_key=True)
    ended_at: Mapped[datetime]
