#!/usr/bin/env bash
# Makes .venv with the `onefunnel` command in it, from the lock:
#
#     tools/setup.sh [runtime|dev] [WHEEL]
#
# The checkout itself is installed, so that an edit takes effect at once; or a built wheel.
# PYTHON names the interpreter to use (default: python3), VENV the folder (default: .venv).
set -euo pipefail
. "$(dirname "$0")/environment.sh"
cd "$project"

what=${1:-runtime}
wheel=${2:-}
python=${PYTHON:-python3}

command -v "$python" >/dev/null || fail \
    "No interpreter '$python'. Install Python 3.11 or later, or name one: make setup PYTHON=/path/to/python3"
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || fail \
    "$("$python" --version) is too old: onefunnel needs 3.11 or later. Name one: make setup PYTHON=/path/to/python3"

version() {
    "$1" -c 'import sys; print(*sys.version_info[:2], sep=".")' 2>/dev/null
}

if [ -f "$venv/pyvenv.cfg" ] && [ "$(version "$venv/bin/python")" != "$(version "$python")" ]; then
    echo "setup: $venv is not of Python $(version "$python"); it is made again"
    rm -rf "$venv"
fi
if ! [ -f "$venv/pyvenv.cfg" ]; then
    "$python" -m venv "$venv" || {
        rm -rf "$venv"
        fail "No environment could be made in $venv." \
            "On Debian and Ubuntu: apt-get install python3-venv; then run make setup again."
    }
fi

pinned=$(sed -n 's/^uv==\([^ ]*\).*/\1/p' requirements-bootstrap.lock)
if [ "$("$uv" --version 2>/dev/null | cut -d' ' -f2)" != "$pinned" ]; then
    echo "setup: the installer, uv $pinned"
    "$venv/bin/python" -m pip install --quiet --require-hashes -r requirements-bootstrap.lock
fi

use_pip_settings
install=("$uv" pip install --quiet --python "$venv/bin/python")

case $what in
    runtime)
        echo "setup: what onefunnel needs to run"
        "${install[@]}" --require-hashes -r requirements.lock
        ;;
    dev)
        echo "setup: what its development needs"
        "${install[@]}" --require-hashes --build-constraints requirements-dev.lock -r requirements-dev.lock
        ;;
    *)
        fail "Unknown set '$what': runtime or dev."
        ;;
esac
if [ -n "$wheel" ]; then
    "${install[@]}" --no-deps "$wheel"
else
    "${install[@]}" --no-deps --no-build-isolation --editable .
fi
