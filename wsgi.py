"""The web application, as gunicorn and `flask --app wsgi` find it."""

import gc
import sys

from gateway import settings
from gateway.errors import BadSetting
from handlers import create_app

try:
    app = create_app(settings.from_environment())
except BadSetting as error:
    sys.tracebacklimit = 0  # its one line says it all
    raise error from None

# What is loaded once is never garbage: to look through all of it took longer than a hop, and whoever dialled waited.
# gunicorn forks after this (--preload), as gc.freeze wants it.
gc.collect()
gc.freeze()
