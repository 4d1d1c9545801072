"""Settings, read from the environment. Every variable is listed in ``docs/operating.md``."""

from __future__ import annotations

import os
import secrets
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from stadtportal.project.runtime.database import database_url
from stadtportal.project.runtime.hosts import allowed_hosts, is_public
from stadtportal.project.settings_accounts import *  # noqa: F403 -- the rest of the settings, in a file of its own.
from stadtportal.project.settings_bundid import bundid, demo_bundid

ROOT = Path(__file__).resolve().parents[3]
PACKAGE = Path(__file__).resolve().parents[1]
PORTAL_DATA = Path(os.environ.get("PORTAL_DATA") or ".portal").absolute()
# The keys of sealed fields: never in the database, never beside its dumps.
KEYRING = Path(os.environ.get("PORTAL_KEYRING") or PORTAL_DATA / "keyring.json").absolute()
PORTAL_PORT = int(os.environ.get("PORTAL_PORT") or 8000)
PORTAL_CITY = os.environ.get("PORTAL_CITY") or "stuttgart"
BUILD = Path(os.environ.get("PORTAL_BUILD") or ROOT / "build")

# Areas: ours and strangers' alike come from one entry-point group; "demo" loads only when it is asked for.
AREA_ENTRY_POINTS = {point.name: point for point in entry_points(group="stadtportal.areas")}
ENABLED_AREAS = [name.strip() for name in (os.environ.get("ENABLED_AREAS") or "").split(",") if name.strip()] or [
    name for name in AREA_ENTRY_POINTS if name != "demo"
]
if unknown := [name for name in ENABLED_AREAS if name not in AREA_ENTRY_POINTS]:
    message = f"ENABLED_AREAS nennt unbekannte Bereiche: {', '.join(unknown)}"
    raise SystemExit(message)
DEMO_MODE = "demo" in ENABLED_AREAS


def _secret_key() -> str:
    """Return ``SECRET_KEY``, or one made once and kept in ``PORTAL_DATA`` with access for its owner only."""
    if given := os.environ.get("SECRET_KEY"):
        return given
    kept = PORTAL_DATA / "secret_key"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        made = kept.with_suffix(f".{os.getpid()}")
        made.touch(mode=0o600)
        made.write_text(secrets.token_urlsafe(50))
        try:
            os.link(made, kept)  # Unlike a rename this never replaces a key that another process made meanwhile.
        except FileExistsError:
            pass
        finally:
            made.unlink()
    return kept.read_text()


def _database(url: str) -> dict[str, Any]:
    """Turn a PostgreSQL URL into Django's form; the host may be a socket folder given as ``?host=``."""
    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "stadtportal",
        "USER": unquote(parts.username or options.pop("user", "")),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", "") or unquote(parts.hostname or ""),
        "PORT": str(options.pop("port", "") or parts.port or ""),
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "pool": {"min_size": 2, "max_size": 16, "timeout": 10},
            "application_name": "stadtportal",
            **options,
        },
        "TEST": {"NAME": os.environ.get("TEST_DATABASE_NAME") or None},
    }


SECRET_KEY = _secret_key()
#: The access log signs its checkpoints with this key, under this name; both stay the same for as long as the log lives.
LOG_KEY_FILE = PORTAL_DATA / "log_key"
LOG_ORIGIN = os.environ.get("LOG_ORIGIN", "localhost/transparenz/log")
#: Makes the names under which organisations know people; never in the database, or a copy of it would link them.
PSEUDONYM_KEY_FILE = Path(os.environ.get("PSEUDONYM_KEY_FILE") or PORTAL_DATA / "pseudonym_key").absolute()
#: Who runs the portal: name, address and contact, as receipts name them.
_UNKNOWN = "noch nicht eingetragen"
OPERATOR = (
    os.environ.get("OPERATOR_NAME") or _UNKNOWN,
    os.environ.get("OPERATOR_ADDRESS") or _UNKNOWN,
    os.environ.get("OPERATOR_CONTACT") or _UNKNOWN,
)
DEBUG = False
ALLOWED_HOSTS = allowed_hosts(os.environ)
# Behind a public host name the portal speaks https only; on one's own machine it speaks http.
PUBLIC = is_public(ALLOWED_HOSTS)

DATABASES = {"default": _database(database_url(os.environ))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

KERNEL = ["jobs", "web", "documents", "trust", "search", "city", "inbox", "people", "cases"]
AREA_PACKAGES = [AREA_ENTRY_POINTS[name].module.rpartition(".")[0] for name in ENABLED_AREAS]
INSTALLED_APPS = [
    *AREA_PACKAGES,
    *(f"stadtportal.kernel.{package}" for package in KERNEL),
    "stadtportal.project",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "procrastinate.contrib.django",
]
MIDDLEWARE = [
    "stadtportal.kernel.web.middleware.SecurityHeadersMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "stadtportal.project.api.ApiMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "stadtportal.kernel.people.middleware.ActorMiddleware",
    "stadtportal.kernel.web.middleware.RuleBrokenMiddleware",
]
ROOT_URLCONF = "stadtportal.project.urls"
WSGI_APPLICATION = "stadtportal.project.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": False,
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    ["django.template.loaders.app_directories.Loader"],
                ),
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "stadtportal.kernel.web.frame.frame",
            ],
        },
    },
]

AUTH_USER_MODEL = "people.Person"
LANGUAGE_CODE = "de"
LANGUAGES = [("de", "Deutsch")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Berlin"

STATIC_URL = "/static/"
STATIC_ROOT = BUILD / "static"
STATICFILES_DIRS = [BUILD / "assets"] if (BUILD / "assets").exists() else []
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage",
    },
}
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "web_cache",
        "OPTIONS": {"MAX_ENTRIES": 50_000},
    },
    "process": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
}

SESSION_COOKIE_NAME = "sitzung"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = PUBLIC
CSRF_COOKIE_NAME = "formularschutz"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = PUBLIC
CSRF_FAILURE_VIEW = "stadtportal.kernel.web.views.stale_form"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PUBLIC else None
SECURE_HSTS_SECONDS = 31_536_000 if PUBLIC else 0
SECURE_SSL_REDIRECT = PUBLIC
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_REFERRER_POLICY = "same-origin"
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS] if PUBLIC else []
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

MAP_STYLE_URL = os.environ.get("MAP_STYLE_URL") or ""
CLAMD_URL = os.environ.get("CLAMD_URL") or ""
EMAIL_URL = os.environ.get("EMAIL_URL") or ""
PUBLIC_URL = f"https://{ALLOWED_HOSTS[0]}" if PUBLIC else f"http://localhost:{PORTAL_PORT}"
# None where BundID is not connected; then it is not shown. In the demo a simulator answers in its place.
BUNDID = bundid(os.environ, public_url=PUBLIC_URL) or (demo_bundid(PORTAL_DATA, PUBLIC_URL) if DEMO_MODE else None)
EMAIL_TIMEOUT = 20
if DEMO_MODE:
    EMAIL_BACKEND = "stadtportal.areas.demo.adapters.OutboxBackend"
elif EMAIL_URL:
    _mail = urlsplit(EMAIL_URL)
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST = _mail.hostname or "localhost"
    EMAIL_USE_SSL = _mail.scheme == "smtps"
    EMAIL_USE_TLS = _mail.scheme == "smtp+tls"
    EMAIL_PORT = _mail.port or (465 if EMAIL_USE_SSL else 587 if EMAIL_USE_TLS else 25)
    EMAIL_HOST_USER = unquote(_mail.username or "")
    EMAIL_HOST_PASSWORD = unquote(_mail.password or "")
else:
    # Without a mail server mails are written to the terminal; `stadtportal doctor` warns about it.
    EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
DEFAULT_FROM_EMAIL = "Stadtportal Stuttgart <stadtportal@example.org>"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": os.environ.get("LOG_LEVEL") or "WARNING"},
}
