"""What this request's application was made with."""

from typing import cast

from flask import current_app

from gateway.settings import Settings


def settings() -> Settings:
    """Gives the settings of the running application."""
    return cast(Settings, current_app.extensions["gateway_settings"])
