"""What this request's application was made with."""

from datetime import datetime
from typing import cast

from flask import current_app

from gateway.settings import Settings
from handlers.strangers import Strangers


def settings() -> Settings:
    """Gives the settings of the running application."""
    return cast(Settings, current_app.extensions["gateway_settings"])


def strangers() -> Strangers:
    """Gives those who asked the running application with a wrong secret."""
    return cast(Strangers, current_app.extensions["gateway_strangers"])


def began() -> datetime:
    """Gives when the running application was made: what has not happened since then is missing."""
    return cast(datetime, current_app.extensions["gateway_began"])
