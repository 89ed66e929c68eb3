"""What the tests of the web share: the application on the tests' servers, and a citizen's phone."""

from collections.abc import Iterator

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from gateway.settings import Settings
from handlers import create_app
from models import Role
from tests import grounds
from tests.handlers.campaign_pages import come, people
from tests.handlers.phones import Phone
from tests.handlers.staff import hire, sign_in


@pytest.fixture
def client(county: Engine, clean_database: Engine, settings: Settings) -> Iterator[FlaskClient]:
    """A client of the application, with Nandi in the database."""
    app = create_app(settings)
    with grounds.connected(settings):
        yield app.test_client()


@pytest.fixture
def phone(client: FlaskClient, settings: Settings) -> Phone:
    """A phone that has never called."""
    return Phone(client, f"/hooks/{settings.webhook_secrets[0]}")


@pytest.fixture
def kept(client: FlaskClient, engine: Engine) -> Iterator[Session]:
    """What the database holds after each committed request."""
    with Session(engine.execution_options(isolation_level="AUTOCOMMIT")) as session:
        yield session


@pytest.fixture
def desk_client(client: FlaskClient) -> FlaskClient:
    """A browser in which an agent of the department of lands is signed in."""
    hire(department_code="lands")
    sign_in(client)
    return client


@pytest.fixture
def noon() -> Iterator[None]:
    """It is noon in the county, whenever the tests run."""
    with time_machine.travel(grounds.NOW, tick=True):
        yield


@pytest.fixture
def author(client: FlaskClient) -> FlaskClient:
    """An official's browser."""
    people()
    return come(client, "chebet", Role.OFFICIAL, phone="+254722000111")


@pytest.fixture
def approver(client: FlaskClient) -> FlaskClient:
    """The browser of somebody who decides."""
    return come(client, "rono", Role.APPROVER)
