"""Django's settings. What differs between installations comes from the environment or from `QINGMIAO_HOME`."""

from __future__ import annotations

import os
from pathlib import Path

from qingmiao.config.home import database, home
from qingmiao.config.keys import keys

PACKAGE = Path(__file__).resolve().parent.parent
HOME = home()

DEBUG = os.environ.get("QINGMIAO_DEBUG") == "1"
SECRET_KEY = keys().web
ALLOWED_HOSTS = os.environ.get("QINGMIAO_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("QINGMIAO_ORIGINS", "").split(",") if origin]
BEHIND_TLS = os.environ.get("QINGMIAO_TLS") == "1"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "axes",
    "django_htmx",
    "qingmiao.audit",
    "qingmiao.staff",
    "qingmiao.stock",
    "qingmiao.registry",
    "qingmiao.schedule",
    "qingmiao.outreach",
    "qingmiao.safety",
    "qingmiao.clinic",
    "qingmiao.campaign",
    "qingmiao.surveillance",
    "qingmiao.training",
    "qingmiao.reports",
    "qingmiao.archive",
    "qingmiao.web",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "qingmiao.web.middleware.security_headers",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "qingmiao.web.middleware.speak_chosen_language",
    "django.middleware.common.CommonMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "qingmiao.web.middleware.end_idle_sessions",
    "qingmiao.web.middleware.sign_in_first",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
    "qingmiao.web.middleware.answer_refusals",
]

ROOT_URLCONF = "qingmiao.config.urls"
WSGI_APPLICATION = "qingmiao.config.wsgi.application"
DATABASES = {"default": database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "web" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "qingmiao.web.frame.frame",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

AUTH_USER_MODEL = "staff.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "qingmiao.staff.passwords.LongEnough", "OPTIONS": {"min_length": 12}},
    {"NAME": "qingmiao.staff.passwords.NotCommon"},
    {"NAME": "qingmiao.staff.passwords.NotOneself"},
]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "sign-in"

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours: a clinic is never locked out for more than 15 minutes
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_TEMPLATE = "registration/locked_out.html"
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address"]
AXES_DISABLE_ACCESS_LOG = True

SESSION_ENGINE = "qingmiao.web.sessions"
SESSION_COOKIE_AGE = 12 * 3600  # a long working day; a desk left alone signs out after SESSION_IDLE_SECONDS
SESSION_IDLE_SECONDS = 15 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = BEHIND_TLS
SECURE_HSTS_SECONDS = 31536000 if BEHIND_TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = BEHIND_TLS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_TLS else None
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS = [HOME / "locale", PACKAGE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "static/"
STATIC_ROOT = HOME / "static"
STATICFILES_DIRS = [PACKAGE / "web" / "static"]
STORAGES = {
    "default": {
        "BACKEND": "qingmiao.privacy.storage.SealedStorage",
        "OPTIONS": {"location": HOME / "files", "file_permissions_mode": 0o600, "directory_permissions_mode": 0o700},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_ROOT = HOME / "files"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

# What every process of the server reads before its first answer: rule books and forms take seconds to read.
READ_AT_START = [
    "qingmiao.schedule.keeping.listed_series",
    "qingmiao.schedule.records.known_codes",
    "qingmiao.clinic.screening.all_forms",
]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"qingmiao": {"level": "INFO"}},
}
