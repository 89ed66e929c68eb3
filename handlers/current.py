"""What this request's application was made with."""

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
