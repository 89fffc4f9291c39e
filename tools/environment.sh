# Sourced by the other scripts: how this project calls its installer.
#
# A firm's mirror, proxy and certificates are set up for pip, so pip's settings are passed on to
# uv, which does not read them. The certificates the operating system trusts are used by both.

project=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
venv=${VENV:-$project/.venv}
uv=$venv/bin/uv

pip_setting() {
    "$venv/bin/python" -m pip --disable-pip-version-check config get "global.$1" 2>/dev/null || true
}

export UV_SYSTEM_CERTS=true
export UV_LINK_MODE=${UV_LINK_MODE:-hardlink}
export UV_HTTP_TIMEOUT=${UV_HTTP_TIMEOUT:-300}
export UV_NO_PROGRESS=true
export PIP_DISABLE_PIP_VERSION_CHECK=1

use_pip_settings() {
    local index certificates
    index=${PIP_INDEX_URL:-$(pip_setting index-url)}
    if [ -n "$index" ]; then
        export UV_DEFAULT_INDEX=${UV_DEFAULT_INDEX:-$index}
    fi
    certificates=${PIP_CERT:-$(pip_setting cert)}
    if [ -n "$certificates" ]; then
        export SSL_CERT_FILE=${SSL_CERT_FILE:-$certificates}
    fi
}

fail() {
    printf '%s\n' "$@" >&2
    exit 1
}
