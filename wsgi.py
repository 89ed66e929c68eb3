"""The web application, as gunicorn and `flask --app wsgi` find it."""

from gateway import settings
from handlers import create_app

app = create_app(settings.from_environment())
