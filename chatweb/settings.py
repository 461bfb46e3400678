"""The only reader of the environment. Every setting is listed, with its meaning, in .env.example."""

from ipaddress import ip_network
from operator import attrgetter
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from accounts.claims import group_map
from chatweb.branding import Brand
from chatweb.rates import rates_from
from chatweb.telemetry.log_settings import logging_settings

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
env.read_env(BASE_DIR / ".env")

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="")
FIELD_ENCRYPTION_KEYS = env.list("FIELD_ENCRYPTION_KEYS", default=[])
for _name, _value in {"SECRET_KEY": SECRET_KEY, "FIELD_ENCRYPTION_KEYS": FIELD_ENCRYPTION_KEYS}.items():
    if not _value:
        raise ImproperlyConfigured(f"{_name} is not set. `make run` writes one into .env; see .env.example.")

ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

# --- the owner's look ------------------------------------------------------------------------------
BRAND = Brand(
    name=env.str("BRAND_NAME", default="Chatweb"),
    logo=env.str("BRAND_LOGO", default=""),
    logo_dark=env.str("BRAND_LOGO_DARK", default=""),
    accent=env.str("BRAND_ACCENT", default=""),
    accent_dark=env.str("BRAND_ACCENT_DARK", default=""),
    terms_url=env.str("TERMS_URL", default=""),
    privacy_url=env.str("PRIVACY_URL", default=""),
    css=env.str("BRAND_CSS", default=""),
)
SITE_NAME = BRAND.name

# --- what runs -------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "allauth.socialaccount",  # both before ours, which take their pages out of the admin: they show secrets
    "allauth.mfa",
    "accounts.apps.AccountsConfig",
    "chatweb.apps.ChatwebConfig",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "csp",
]
MIDDLEWARE = [
    "chatweb.views.health.ProbeMiddleware",
    "chatweb.static_headers.StaticHeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "chatweb.telemetry.middleware.TelemetryMiddleware",
    "chatweb.browser_policy.BrowserPolicyMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.PersonalMiddleware",
    "accounts.middleware.LastUseMiddleware",
    "accounts.middleware.SecondFactorMiddleware",
    "chatweb.viewing.ViewingMiddleware",
    "chatweb.rate_limits.RateLimitMiddleware",
    "chatweb.watching.scope.AdminChangesMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]
ROOT_URLCONF = "chatweb.urls"
ASGI_APPLICATION = "chatweb.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "chatweb.views.context.site",
            ]
        },
    }
]

# --- database --------------------------------------------------------------------------------------
DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{BASE_DIR / 'db.sqlite3'}")}
# What they keep is not the threads', so CONN_MAX_AGE stays 0 (chatweb/database/shelf.py).
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["ENGINE"] = "chatweb.database.sqlite3"
    # IMMEDIATE: a transaction that reads first and writes later would meet "database is locked"
    # beside the writer, whatever the timeout (design, section 4).
    DATABASES["default"].setdefault("OPTIONS", {}).update(
        transaction_mode="IMMEDIATE",
        timeout=20,
        cached_statements=512,
        init_command="PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    )
    DATABASES["default"]["TEST"] = {"NAME": ":memory:"}
else:
    DATABASES["default"]["ENGINE"] = "chatweb.database.postgresql"
REDIS_URL = env.str("REDIS_URL", default="")
DRAIN_SECONDS = env.float("DRAIN_SECONDS", default=20.0)
# Without Redis it is held by the one process that serves: what tabs are told stays inside it.
PROCESS_LOCK = env.path(
    "PROCESS_LOCK",
    default=f"{DATABASES['default']['NAME']}.lock"
    if DATABASES["default"]["ENGINE"].endswith("sqlite3")
    else str(BASE_DIR / "chatweb.lock"),
)
# What people attach, outside the web root: only a view that knows the owner reads it.
FILES_FOLDER = env.str(
    "FILES_FOLDER",
    default=str(Path(DATABASES["default"]["NAME"]).parent / "files")
    if DATABASES["default"]["ENGINE"].endswith("sqlite3")
    else str(BASE_DIR / "files"),
)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- people ----------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.SignInBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{_validator}"}
    for _validator in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
SIGN_UP = env.str("SIGN_UP", default="approval")
SIGN_UP_DOMAINS = [domain.lower() for domain in env.list("SIGN_UP_DOMAINS", default=[])]

EMAIL_URL = env.str("EMAIL_URL", default="consolemail://" if DEBUG else "dummymail://")
globals().update(environ.Env.email_url_config(EMAIL_URL))
CAN_SEND_MAIL = not EMAIL_URL.startswith("dummymail:")
DEFAULT_FROM_EMAIL = env.str("EMAIL_FROM", default=f"{SITE_NAME} <noreply@localhost>")
EMAIL_CHECK = env.str("EMAIL_CHECK", default="mandatory" if EMAIL_URL.startswith("smtp") else "optional")

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = LOGIN_URL
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = EMAIL_CHECK if CAN_SEND_MAIL else "none"
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_FORMS = {
    "login": "accounts.entrance.SignInForm",
    "signup": "accounts.entrance.SignUpForm",
    "reset_password": "accounts.entrance.ResetPasswordForm",
    "reset_password_from_key": "accounts.entrance.NewPasswordForm",
    "change_password": "accounts.entrance.ChangePasswordForm",
    "add_email": "accounts.entrance.EmailForm",
}
ACCOUNT_EMAIL_NOTIFICATIONS = CAN_SEND_MAIL
ACCOUNT_EMAIL_SUBJECT_PREFIX = f"[{SITE_NAME}] "
ACCOUNT_USER_DISPLAY = attrgetter("display_name")
ACCOUNT_USERNAME_MIN_LENGTH = 2
# An office shares one address; guessing is stopped by the failures, counted by address and by name.
ACCOUNT_RATE_LIMITS = {"login": "120/m/ip", "login_failed": "20/m/ip,5/5m/key"}
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", default=0)
try:
    RATE_LIMITS = rates_from(env.list("RATE_LIMITS", default=[]))
except ValueError as _error:
    raise ImproperlyConfigured(f"RATE_LIMITS: {_error} is no rate like ask=60/m.") from _error
SOCKETS_A_SESSION = env.int("SOCKETS_A_SESSION", default=200)
# A company's sign-in service speaks OpenID Connect. Its code is loaded only where one is named.
OIDC_ISSUER = env.str("OIDC_ISSUER", default="").rstrip("/")
OIDC_LABEL = env.str("OIDC_LABEL", default="SSO")
OIDC_SIGN_UP = env.str("OIDC_SIGN_UP", default=SIGN_UP)
OIDC_LINK_BY_EMAIL = env.bool("OIDC_LINK_BY_EMAIL", default=False)
OIDC_GROUPS_CLAIM = env.str("OIDC_GROUPS_CLAIM", default="groups")
try:
    OIDC_GROUP_MAP = group_map(env.list("OIDC_GROUP_MAP", default=[]))
except ValueError as _error:
    raise ImproperlyConfigured(f"OIDC_GROUP_MAP: {_error} is not value=group.") from _error
OIDC_OPERATOR_VALUE = env.str("OIDC_OPERATOR_VALUE", default="")
OIDC_ADMIN_VALUE = env.str("OIDC_ADMIN_VALUE", default="")
PASSWORD_SIGN_IN = env.bool("PASSWORD_SIGN_IN", default=True)
SOCIALACCOUNT_ADAPTER = "accounts.social_adapter.SocialAdapter"
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"  # the service has checked the address, or the site asks it to
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_PROVIDERS: dict[str, object] = {}
if OIDC_ISSUER:
    INSTALLED_APPS.append("allauth.socialaccount.providers.openid_connect")
    SOCIALACCOUNT_PROVIDERS["openid_connect"] = {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "sso",
                "name": OIDC_LABEL,
                "client_id": env.str("OIDC_CLIENT_ID", default=""),
                "secret": env.str("OIDC_CLIENT_SECRET", default=""),
                "settings": {
                    "server_url": OIDC_ISSUER,
                    "scope": env.str("OIDC_SCOPES", default="openid profile email").split(),
                },
            }
        ],
    }
OIDC_BRINGS_SECOND_FACTOR = env.bool("OIDC_BRINGS_SECOND_FACTOR", default=False)
SECOND_FACTOR_FOR_ROLES = env.bool("SECOND_FACTOR_FOR_ROLES", default=False)
MFA_ADAPTER = "accounts.second_factor.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # whoever must confirm an address has done so before they come in
MFA_TOTP_ISSUER = SITE_NAME
MFA_TOTP_TOLERANCE = 1  # phones' clocks: one code before and after
MFA_FORMS = {
    "authenticate": "accounts.entrance.CodeForm",
    "reauthenticate": "accounts.entrance.CodeAgainForm",
    "activate_totp": "accounts.entrance.FirstCodeForm",
    "add_webauthn": "accounts.entrance.PasskeyForm",
    "edit_webauthn": "accounts.entrance.PasskeyNameForm",
}
# Rate limits are counted in the cache: it must be shared by all processes, and a flood of strangers
# must not push a count out of it.
CACHES: dict[str, dict[str, object]] = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}
if REDIS_URL:
    CACHES["default"] = {"BACKEND": "chatweb.shared_cache.SharedCache", "LOCATION": REDIS_URL}

# --- language and time -----------------------------------------------------------------------------
LANGUAGE_CODE = "en"
# Each under its own name: who landed in a foreign one still finds theirs.
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_TZ = True
TIME_ZONE = env.str("TIME_ZONE", default="UTC")

# --- files -----------------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "chatweb.static_storage.StaticStorage"},
}

# --- browser policy --------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        # /diagram/ alone lets itself be framed, see views/diagrams.py.
        "frame-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
HTTPS_ONLY = env.bool("HTTPS_ONLY", default=not DEBUG)
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS_ONLY  # browsers offer passkeys on https and on localhost only
SECURE_SSL_REDIRECT = HTTPS_ONLY
SESSION_COOKIE_SECURE = HTTPS_ONLY
CSRF_COOKIE_SECURE = HTTPS_ONLY
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=31_536_000 if HTTPS_ONLY else 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS_ONLY
SECURE_HSTS_PRELOAD = HTTPS_ONLY
if env.bool("BEHIND_TLS_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SAMESITE = "Lax"

# --- the upstream ----------------------------------------------------------------------------------
COZE_API_BASE = env.str("COZE_API_BASE", default="https://api.coze.cn")
COZE_API_TOKEN = env.str("COZE_API_TOKEN", default="")
COZE_BOT_ID = env.str("COZE_BOT_ID", default="")
UPSTREAM_READ_TIMEOUT_SECONDS = env.int("UPSTREAM_READ_TIMEOUT_SECONDS", default=600)
SILENCE_SECONDS = env.int("SILENCE_SECONDS", default=60)
# Of the price table: what costs are told in.
CURRENCY = env.str("CURRENCY", default="CNY")
UNDO_SECONDS = env.int("UNDO_SECONDS", default=10)
MAX_QUESTION_CHARS = env.int("MAX_QUESTION_CHARS", default=100_000)
MAX_COMMENT_CHARS = env.int("MAX_COMMENT_CHARS", default=1000)
REVIEW_SCALE = env.list("REVIEW_SCALE", cast=int, default=[1, 5])
MAX_FILE_BYTES = min(env.int("MAX_FILE_BYTES", default=100_000_000), 512_000_000)  # Coze takes no more
UPSTREAM_FILE_DAYS = env.int("UPSTREAM_FILE_DAYS", default=90)
RETENTION_MINUTES = env.int("RETENTION_MINUTES", default=60)
WAITING_POLL_SECONDS = env.int("WAITING_POLL_SECONDS", default=60)
PICTURES_FROM_PRIVATE_HOSTS = env.list("PICTURES_FROM_PRIVATE_HOSTS", default=[])
PICTURES_ASK = env.bool("PICTURES_ASK", default=False)

# --- the operators' console ------------------------------------------------------------------------
CONSOLE_NEEDS_REASON = env.bool("CONSOLE_NEEDS_REASON", default=False)
LOOKS_SHOWN_TO_USERS = env.bool("LOOKS_SHOWN_TO_USERS", default=True)
EXPORT_HOURS = max(1, min(env.int("EXPORT_HOURS", default=24), 168))  # what was deleted meanwhile is in them
LOOKS_NAME_OPERATORS = env.bool("LOOKS_NAME_OPERATORS", default=False)

# --- what those who run the site learn -------------------------------------------------------------
LOG_FORMAT = env.str("LOG_FORMAT", default="line" if DEBUG else "json")
if LOG_FORMAT not in ("json", "line"):
    raise ImproperlyConfigured("LOG_FORMAT is json or line.")
LOGGING = logging_settings(LOG_FORMAT, env.str("LOG_LEVEL", default="INFO"))
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")
try:
    METRICS_NETWORKS = [
        ip_network(network) for network in env.list("METRICS_NETWORKS", default=["127.0.0.0/8", "::1/128"])
    ]
except ValueError as _error:
    raise ImproperlyConfigured(f"METRICS_NETWORKS: {_error}.") from _error
TRACES_ENDPOINT = env.str("TRACES_ENDPOINT", default="")
TRACES_HEADERS = env.dict("TRACES_HEADERS", default={})
TRACES_SHARE = env.float("TRACES_SHARE", default=1.0)
TRACES_SERVICE = env.str("TRACES_SERVICE", default="chatweb")
