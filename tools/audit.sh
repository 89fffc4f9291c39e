#!/usr/bin/env bash
# Asks the public database of known vulnerabilities about what is locked.
#
# This is apart from `make check`: its answer changes without the project changing, and it needs a
# network. Ends with 1 where a vulnerability is known, 2 where the database was not reached.
set -euo pipefail
. "$(dirname "$0")/environment.sh"
cd "$project"
use_pip_settings
export REQUESTS_CA_BUNDLE=${REQUESTS_CA_BUNDLE:-${SSL_CERT_FILE:-}}
[ -n "$REQUESTS_CA_BUNDLE" ] || unset REQUESTS_CA_BUNDLE

report=$(mktemp)
trap 'rm -f "$report"' EXIT
if "$venv/bin/pip-audit" --requirement requirements.lock --disable-pip --require-hashes --strict \
    --progress-spinner off --timeout 20 >"$report" 2>&1; then
    cat "$report"
    exit 0
fi
if grep -qiE 'connection|timed? ?out|resolve|ServiceError|could not be audited|unreachable|SSLError|ProxyError' "$report"; then
    tail -n 1 "$report" >&2
    echo "audit: the database of known vulnerabilities was not reached; nothing was audited." >&2
    exit 2
fi
cat "$report"
exit 1
