"""The web: Flask lives here and nowhere else."""

from datetime import UTC, datetime, timedelta

from flask import Flask, Response
from flask_bootstrap import Bootstrap5
from werkzeug.middleware.proxy_fix import ProxyFix

from gateway import catalogues, crash, database, logs, queue
from gateway.operations import spool
from gateway.settings import Settings
from gateway.staff import staff_sessions
from handlers import commands, dress, errors, handset, health, metrics, pages, webhooks, words
from handlers.console import blueprint as console
from handlers.console import campaign_words, frame, signin, telling
from handlers.strangers import Strangers

LARGEST_BODY = 64 * 1024  # bytes; a real callback has less than one kilobyte

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; object-src 'none'; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def create_app(settings: Settings) -> Flask:
    """Makes the application for these settings. Opens no connection: each process opens its own at its first need.

    Raises `BadSetting` where the spool can't be written: its 200s would mean nothing while the database is away.
    """
    spool.of(settings).refuse_unwritable()
    logs.configure()
    catalogues.compile_complete()
    database.connect(settings.database_url)
    queue.connect(settings.redis_url)
    crash.arm(settings)
    app = Flask(__name__, static_url_path=dress.address())
    app.extensions["gateway_settings"] = settings
    app.extensions["gateway_strangers"] = Strangers()
    app.extensions["gateway_began"] = datetime.now(UTC)
    _configure(app, settings)
    for blueprint in (webhooks.blueprint, health.blueprint, metrics.blueprint, pages.blueprint, console):
        app.register_blueprint(blueprint)
    if settings.uses_simulator and not settings.is_production:
        app.register_blueprint(handset.blueprint)
    Bootstrap5(app)
    dress.register(app)
    words.register(app)
    frame.register(app)
    telling.register(app)
    campaign_words.register(app)
    signin.protect(app, without_forms=(webhooks.blueprint, handset.blueprint))
    errors.register(app)
    commands.register(app)
    app.after_request(_with_headers)
    return app


def _configure(app: Flask, settings: Settings) -> None:
    app.config.update(
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=LARGEST_BODY,
        MAX_FORM_MEMORY_SIZE=LARGEST_BODY,
        MAX_FORM_PARTS=50,
        SESSION_COOKIE_NAME="__Host-session" if settings.is_production else "session",
        SESSION_COOKIE_SECURE=settings.is_production,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=staff_sessions.LONGEST + timedelta(hours=1),  # the server ends them sooner
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session
        BOOTSTRAP_SERVE_LOCAL=True,
    )
    if settings.trusted_proxies:
        count = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]


def _with_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return response
