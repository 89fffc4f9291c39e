"""The Django settings of a workspace's site, all of them, from its own settings and secrets."""

import hashlib
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from csp.constants import NONCE, NONE, SELF, UNSAFE_INLINE

from onefunnel.errors import UsageError
from onefunnel.web.locale import LANGUAGES
from onefunnel.web.site.secrets import Secrets
from onefunnel.workflows.workspace import Workspace

WEB = Path(str(files("onefunnel.web")))
DATABASE = "app.sqlite"
MEBIBYTE = 1024 * 1024

APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "onefunnel.store",
]

MIDDLEWARE = [
    "onefunnel.web.site.requests.Requests",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "onefunnel.web.site.language.Language",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "onefunnel.web.site.characters.Characters",
    "onefunnel.web.site.access.Access",
    "onefunnel.web.pages.first.beginning.Beginning",
    "onefunnel.web.site.errors.Errors",
]

POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        # Pictures are drawn with positions in style attributes; an attribute can run nothing.
        "style-src-attr": [UNSAFE_INLINE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}


def values(workspace: Workspace, secrets: Secrets) -> dict[str, Any]:
    """The settings of the site, by Django's names."""
    url = urlsplit(workspace.settings.server.url)
    encrypted = url.scheme == "https"
    return {
        "DEBUG": False,
        "SECRET_KEY": secrets.key,
        "ALLOWED_HOSTS": [
            "localhost",
            "127.0.0.1",
            "[::1]",
            *([url.hostname] * bool(url.hostname)),
        ],
        "CSRF_TRUSTED_ORIGINS": [f"{url.scheme}://{url.netloc}"] if url.hostname else [],
        "ROOT_URLCONF": "onefunnel.web.site.urls",
        "INSTALLED_APPS": APPS,
        "MIDDLEWARE": MIDDLEWARE,
        "DATABASES": {"default": database(workspace.path, secrets.database)},
        "CACHES": {
            "default": {
                "BACKEND": "django.core.cache.backends.db.DatabaseCache",
                "LOCATION": "store_limits",
            }
        },
        "TEMPLATES": [_templates()],
        "STATIC_URL": f"/static/{_digest()}/",
        "STATICFILES_DIRS": [WEB / "static"],
        "STATICFILES_FINDERS": ["django.contrib.staticfiles.finders.FileSystemFinder"],
        "WHITENOISE_USE_FINDERS": True,
        "WHITENOISE_AUTOREFRESH": False,
        "WHITENOISE_IMMUTABLE_FILE_TEST": lambda path, address: True,
        "LANGUAGE_CODE": workspace.settings.language,
        "LANGUAGES": list(LANGUAGES.items()),
        "USE_TZ": True,
        "TIME_ZONE": "UTC",
        "DATA_UPLOAD_MAX_MEMORY_SIZE": workspace.settings.limits.max_body_bytes,
        "FILE_UPLOAD_MAX_MEMORY_SIZE": 4 * MEBIBYTE,
        "FILE_UPLOAD_PERMISSIONS": 0o600,
        "LOGGING_CONFIG": None,
        "CONTENT_SECURITY_POLICY": POLICY,
        **_sign_in(),
        **_cookies(encrypted, secrets.key),
        **_mail(secrets.mail),
    }


def database(folder: Path, address: str) -> dict[str, Any]:
    """Where the application database is: PostgreSQL if the secrets name one, else SQLite."""
    if not address:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": folder / DATABASE,
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                "timeout": 20,
                "transaction_mode": "IMMEDIATE",
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL",
            },
        }
    url = urlsplit(address)
    if url.scheme not in ("postgresql", "postgres") or not url.path.strip("/"):
        raise UsageError(
            "The database in secrets.toml is no PostgreSQL address.",
            remedy='Write it as "postgresql://user:password@host/name".',
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(url.path.strip("/")),
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": url.hostname or "",
        "PORT": url.port or "",
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
    }


def _templates() -> dict[str, Any]:
    return {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [WEB / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "environment": "onefunnel.web.site.templating.environment",
            "context_processors": [
                "django.contrib.messages.context_processors.messages",
                "onefunnel.web.site.templating.page",
            ],
        },
    }


def _sign_in() -> dict[str, Any]:
    return {
        "AUTH_USER_MODEL": "store.Person",
        "AUTHENTICATION_BACKENDS": ["allauth.account.auth_backends.AuthenticationBackend"],
        "PASSWORD_HASHERS": [
            "django.contrib.auth.hashers.Argon2PasswordHasher",
            "django.contrib.auth.hashers.PBKDF2PasswordHasher",
        ],
        "AUTH_PASSWORD_VALIDATORS": [
            {"NAME": f"django.contrib.auth.password_validation.{name}"}
            for name in (
                "UserAttributeSimilarityValidator",
                "MinimumLengthValidator",
                "CommonPasswordValidator",
                "NumericPasswordValidator",
            )
        ],
        "LOGIN_URL": "account_login",
        "LOGIN_REDIRECT_URL": "today",
        "ACCOUNT_ADAPTER": "onefunnel.web.site.adapter.Adapter",
        "ACCOUNT_LOGIN_METHODS": {"email"},
        "ACCOUNT_USER_MODEL_USERNAME_FIELD": None,
        "ACCOUNT_SIGNUP_FIELDS": ["email*", "password1*"],
        "ACCOUNT_EMAIL_VERIFICATION": "none",
        "ACCOUNT_LOGOUT_REDIRECT_URL": "account_login",
        "ACCOUNT_SESSION_REMEMBER": True,
        "ACCOUNT_PREVENT_ENUMERATION": True,
        "ACCOUNT_REAUTHENTICATION_TIMEOUT": 900,
        "ACCOUNT_RATE_LIMITS": {"login": "30/m/ip", "login_failed": "10/m/ip,5/5m/key"},
        "MFA_ADAPTER": "onefunnel.web.site.adapter.SecondFactor",
        "MFA_SUPPORTED_TYPES": ["totp", "recovery_codes"],
        "MFA_TOTP_ISSUER": "onefunnel",
    }


def _cookies(encrypted: bool, key: str) -> dict[str, Any]:
    # A browser keeps cookies by host, whatever the port: two workspaces would share their names.
    own = hashlib.sha256(f"cookie:{key}".encode()).hexdigest()[:8]
    return {
        "SESSION_COOKIE_NAME": f"onefunnel_session_{own}",
        "SESSION_COOKIE_AGE": 14 * 24 * 3600,
        "SESSION_COOKIE_SECURE": encrypted,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "CSRF_COOKIE_NAME": f"onefunnel_csrf_{own}",
        "CSRF_COOKIE_SECURE": encrypted,
        "CSRF_COOKIE_HTTPONLY": True,
        "CSRF_USE_SESSIONS": False,
        "CSRF_FAILURE_VIEW": "onefunnel.web.site.errors.forged",
        "SECURE_CONTENT_TYPE_NOSNIFF": True,
        "SECURE_REFERRER_POLICY": "same-origin",
        "SECURE_CROSS_ORIGIN_OPENER_POLICY": "same-origin",
        "SECURE_HSTS_SECONDS": 31_536_000 if encrypted else 0,
        "SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https") if encrypted else None,
        "X_FRAME_OPTIONS": "DENY",
    }


def _mail(address: str) -> dict[str, Any]:
    if not address:
        return {"EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend"}
    url = urlsplit(address)
    user = unquote(url.username or "")
    return {
        "DEFAULT_FROM_EMAIL": user if "@" in user else f"onefunnel@{url.hostname or 'localhost'}",
        "EMAIL_TIMEOUT": 10,
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": url.hostname or "localhost",
        "EMAIL_PORT": url.port or 25,
        "EMAIL_HOST_USER": user,
        "EMAIL_HOST_PASSWORD": unquote(url.password or ""),
        "EMAIL_USE_TLS": url.scheme == "smtp" and bool(url.username),
        "EMAIL_USE_SSL": url.scheme == "smtps",
    }


def _digest() -> str:
    """A name for what the static files hold: a browser keeps them until they change."""
    digest = hashlib.sha256()
    for path in sorted((WEB / "static").rglob("*")):
        if path.is_file():
            digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:12]
