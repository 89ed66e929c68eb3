"""The command that makes sample citizens says what it did, and refuses what it can't do in one line."""

import pytest
from flask.testing import FlaskCliRunner
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from gateway.settings import Settings
from handlers import create_app
from models import Citizen

pytestmark = pytest.mark.usefixtures("ground")


@pytest.fixture
def run(settings: Settings) -> FlaskCliRunner:
    return create_app(settings).test_cli_runner()


def test_sample_citizens_of_a_ward_are_made_and_flagged(run: FlaskCliRunner, engine: Engine) -> None:
    done = run.invoke(args=["citizens", "sample", "--number", "50", "--ward", "777"])
    assert (done.exit_code, done.output) == (0, "50 sample citizens were added; ward 777 has 50 at least.\n")
    with Session(engine) as db:
        flagged = select(func.count()).where(Citizen.is_sample, Citizen.ward_code == "777")
        assert db.scalar(flagged) == 50


def test_a_ward_that_there_is_not_is_refused_in_one_line(run: FlaskCliRunner) -> None:
    done = run.invoke(args=["citizens", "sample", "--number", "50", "--ward", "999"])
    assert (done.exit_code, done.output) == (1, "Error: no ward has the code 999\n")
