"""What the tests of the rules share: the county with its samples, and a citizen who texts it."""

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from gateway import catalogues
from gateway.imports import pack, pack_loading
from gateway.settings import Settings
from tests.gateway.texting import TextingPhone
from tests.grounds import NANDI, NOW


@pytest.fixture
def citizen(county: Engine, db: Session, settings: Settings) -> TextingPhone:
    """A phone that has never texted the county; what it does is undone after the test."""
    catalogues.compile_complete()
    pack_loading.load(db, pack.read(NANDI), NOW)
    return TextingPhone(db, settings)
