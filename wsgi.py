"""The web application, as gunicorn and `flask --app wsgi` find it."""

import sys

from gateway import settings
from gateway.errors import BadSetting
from handlers import create_app

try:
    app = create_app(settings.from_environment())
except BadSetting as error:
    sys.tracebacklimit = 0  # its one line says it all
    raise error from None
