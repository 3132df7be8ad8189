"""Django's settings. Values come from `config.env`; nothing here reads os.environ."""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path

from config import env, sending, signing_in

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = env.folder("DATA_DIR", BASE_DIR / "data")
SECRET_KEY = env.secret_key("SECRET_KEY", DATA_DIR)

# Where we listen, and where people reach us.
HOST = env.text("HOST", "127.0.0.1")
PORT = env.integer("PORT", 8000, low=1, high=65535)
_EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104  compared with, not bound to
_here = "127.0.0.1" if HOST in _EVERYWHERE else env.in_url(HOST)
_base = env.base_url("BASE_URL", f"http://{_here}:{PORT}")
BASE_URL = _base.geturl().rstrip("/")
HTTPS = _base.scheme == "https"
_LOCAL_NAMES = ["localhost", "127.0.0.1", "[::1]"]
_names = env.hosts("ALLOWED_HOSTS") or _LOCAL_NAMES
ALLOWED_HOSTS = sorted({env.in_url(_base.hostname or ""), *_names})
CSRF_TRUSTED_ORIGINS = [BASE_URL]
DEBUG = False

INSTALLED_APPS = [
    "accounts.admin_site.StaffAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "csp",
    "django_htmx",
    "accounts",
    "gallery",
    "generator",
    "config",  # for `manage.py serve`
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "config.headers.default_headers",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.impersonation.see_as_another",
    "accounts.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.sessions.note_use",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
ASGI_APPLICATION = "config.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "accounts.context_processors.wallet",
                "accounts.context_processors.staff_waits",
            ]
        },
    }
]

DATABASES = {"default": env.database("DATABASE_URL", DATA_DIR)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
STORAGES = {
    "default": env.storage("STORAGE_URL", DATA_DIR),
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
STATIC_URL = "static/"
# What lies beside it in its folder is not served. A service may write nowhere else in BASE_DIR.
STATIC_ROOT = BASE_DIR / "staticfiles" / "served"
STATICFILES_DIRS = [BASE_DIR / "static"]
globals().update(sending.settings(STORAGES["default"]))
BIN_DAYS = env.integer("BIN_DAYS", 30, low=1, high=3650)
#: What visitors are shown of public pictures that are rated sensitive: none, or blurred ones.
SENSITIVE_FOR_VISITORS = env.choice("SENSITIVE_FOR_VISITORS", "hide", ("hide", "blur"))
#: What rates pictures: the address of a service, or the dotted path of a Python class.
PICTURE_CLASSIFIER = env.text("PICTURE_CLASSIFIER")
PICTURE_CLASSIFIER_TOKEN = env.text("PICTURE_CLASSIFIER_TOKEN")
#: So many people's reports hide a public picture until a moderator has looked.
REPORTS_TO_HIDE = env.integer("REPORTS_TO_HIDE", 3, low=1, high=1000)
#: Moderators are written to of what waits at most once in so many minutes; 0: never.
MODERATION_MAIL_MINUTES = env.integer("MODERATION_MAIL_MINUTES", 15, low=0, high=10080)
#: What becomes of the pictures of somebody who leaves a team: accounts asks, the gallery knows.
HANDS_OVER_PICTURES = "gallery.leaving.hand_over"
#: Who stops what people wait for whose accounts were closed.
STOPS_CLOSED_ACCOUNTS = "generator.scheduling.stop_closed_accounts"
#: And what a team pays for, for those who may not spend its credits any more.
STOPS_LOST_WALLETS = "generator.scheduling.stop_lost_wallets"
#: Who copies and erases what is kept about people; jobs end before their pictures go.
KEEPS_PERSONAL_DATA = (
    "generator.personal_data",
    "gallery.personal_data",
    "accounts.personal_data",
)

# People.
AUTH_USER_MODEL = "accounts.User"
# Includes Django's ModelBackend; naming that as well would hash every wrong password twice.
AUTHENTICATION_BACKENDS = [
    "allauth.account.auth_backends.AuthenticationBackend",
    "accounts.staff_backend.StaffRoleBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "create"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
#: Who may sign up: open (anybody), invitation (whoever was invited), off (nobody).
SIGN_UP = env.choice("SIGN_UP", "open", ("open", "invitation", "off"))
STARTING_CREDITS = env.integer("STARTING_CREDITS", 200, high=10**9)
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "accounts.forms.SignUpForm"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
globals().update(signing_in.settings())
ACCOUNT_EMAIL_SUBJECT_PREFIX = "Limner: "
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = _base.scheme
ACCOUNT_RATE_LIMITS = {
    "login_failed": "10/h/key,20/h/ip",
    "signup": "60/h/ip",
    "reset_password": "20/h/ip,5/h/key",
}
DEFAULT_FROM_EMAIL = env.text("EMAIL_FROM", f"limner@{_base.hostname}")
globals().update(env.email("EMAIL_URL", DATA_DIR))

# Sessions and cookies: the __Host- prefix needs https, so it follows BASE_URL.
_cookie = "__Host-" if HTTPS else ""
SESSION_COOKIE_NAME = f"{_cookie}limner_session"
CSRF_COOKIE_NAME = f"{_cookie}limner_csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_AGE = 30 * 86400
# Not cached_db: where each process has a cache of its own, a session that was ended in one
# would live on in the others.
SESSION_ENGINE = "django.contrib.sessions.backends.db"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "accounts.views.errors.csrf_failure"
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# The reverse proxy sends people to https, and the preload list is the operator's to ask for.
SILENCED_SYSTEM_CHECKS = ["security.W008", "security.W021"]
#: How many reverse proxies stand before us (they append to X-Forwarded-For).
TRUSTED_PROXIES = env.integer("TRUSTED_PROXIES", 0, high=10)
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
_self = ["'self'"]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": _self,
        "style-src": _self,
        "img-src": ["'self'", "blob:", "data:"],
        "font-src": _self,
        "connect-src": _self,
        "form-action": _self,
        "manifest-src": _self,
        "base-uri": ["'none'"],
        "object-src": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}
#: Paths that programs use: each API checks its keys itself and answers in JSON.
API_PREFIXES = ("/v1/", "/api/", "/sdapi/")
#: What one API key may ask for at once, and per second in the long run.
API_BURST = env.integer("API_BURST", 1000, low=1)
API_REQUESTS_PER_SECOND = env.integer("API_REQUESTS_PER_SECOND", 100, low=1)
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
# More than the pictures that are worked on at once, so that it is the form that says how many.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
FILE_UPLOAD_HANDLERS = [
    "gallery.upload_handlers.Capped",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# Generations. Numbers and their reasons: docs/architecture.md.
ENGINES = {
    "sketch": "generator.engines.sketch.SketchEngine",
    "diffusion": "generator.supply.diffusion",
    "remote": "generator.engines.remote.engine.RemoteEngine",
}
#: Keys of providers, by the names of their variables; models name the variable, not the key.
PROVIDER_KEY_PREFIX = "LIMNER_KEY_"
PROVIDER_KEYS = env.secrets_named(PROVIDER_KEY_PREFIX)
#: What providers are paid in, as the overview says it.
PROVIDER_CURRENCY = env.text("PROVIDER_CURRENCY", "USD")
#: Where the weights of the diffusion engine lie: docs/engines-diffusion.md.
MODELS_DIR = env.folder("MODELS_DIR", DATA_DIR / "models")
DIFFUSION_BATCH = env.integer("DIFFUSION_BATCH", 8, low=1, high=64)
#: Weights kept loaded, in GiB; 0 is a share of what the device has.
DIFFUSION_MEMORY_GB = env.integer("DIFFUSION_MEMORY_GB", 0, high=4096)
LEASE_SECONDS = env.seconds("LEASE_SECONDS", 60)
#: An engine that needs longer for one run is taken to hang; RabbitMQ waits for 1,800 s.
RUN_SECONDS = env.seconds("RUN_SECONDS", 1500)
QUEUE_EXPIRY_SECONDS = env.seconds("QUEUE_EXPIRY_SECONDS", 3600)
MAX_ATTEMPTS = 3
MAX_QUEUED = env.integer("MAX_QUEUED", 1000, low=1)
MAX_QUEUED_PER_USER = env.integer("MAX_QUEUED_PER_USER", 50, low=1)
MAX_RUNNING_PER_USER = env.integer("MAX_RUNNING_PER_USER", 2, low=1)
#: Megabytes of pictures; 0 sets no limit.
MAX_STORAGE_PER_USER = env.integer("MAX_STORAGE_PER_USER", 0)
# Whose signature originals carry, if any: PEM files of a certificate chain and of its key.
C2PA_CERTIFICATE = env.file("C2PA_CERTIFICATE")
C2PA_PRIVATE_KEY = env.file("C2PA_PRIVATE_KEY")
MIN_FREE_DISK_PERCENT = env.integer("MIN_FREE_DISK_PERCENT", 5, high=99)
SWEEP_SECONDS = env.seconds("SWEEP_SECONDS", 5)
OUTBOUND_ALLOW = env.networks("OUTBOUND_ALLOW")
#: A LibreTranslate server that puts prompts into English, its key, and how long it may take.
TRANSLATE_URL = env.service("TRANSLATE_URL")
TRANSLATE_KEY = env.text("TRANSLATE_KEY")
TRANSLATE_SECONDS = env.seconds("TRANSLATE_SECONDS", 10)

# Celery.
BROKER_URL = env.broker("CELERY_BROKER_URL")
BROKER_DIR = DATA_DIR / "broker"
# Counts of who asked how often: shared where hosts share a Redis, else each process's own.
# Room for many, because what is dropped for want of it starts to count anew.
_redis = BROKER_URL.startswith(("redis://", "rediss://"))
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": BROKER_URL}
    if _redis
    else {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}
#: Worker processes on this machine; the web process wants a core of its own.
WORKERS = env.integer("WORKERS", max(1, min(4, (os.cpu_count() or 1) - 1)), low=1, high=64)
#: Purchases that may wait for providers at once, in a process of their own. 0: the workers wait.
REMOTE_WORKERS = env.integer("REMOTE_WORKERS", 4 if PROVIDER_KEYS else 0, high=64)
# torch is looked for and not imported, which would take seconds.
_told = env.words("WORKER_ENGINES")
_able = tuple(name for name in ENGINES if name != "diffusion" or find_spec("torch"))
#: Engines whose queues this machine's worker serves.
WORKER_ENGINES = env.some("WORKER_ENGINES", tuple(ENGINES), default=_able)
#: Engines that another machine serves: WORKER_ENGINES was written, and leaves them out.
ENGINES_ELSEWHERE = [name for name in ENGINES if _told and name not in WORKER_ENGINES]

LOG_LEVEL = env.choice("LOG_LEVEL", "INFO", ("DEBUG", "INFO", "WARNING", "ERROR"))
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "config.logs.LineFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django": {"level": "WARNING"},
        "limner": {"level": LOG_LEVEL},
    },
}
