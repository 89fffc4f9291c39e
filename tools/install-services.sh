#!/usr/bin/env bash
# Installs, from the system's packages, what the tests use and this machine lacks: a PostgreSQL
# server, a Java that Spark runs on, Chromium with a font. What is here already is left alone.
#
# tools/install-services.sh [COMMAND…] installs these commands as well, where they are missing.
set -euo pipefail
. "$(dirname "$0")/environment.sh"
cd "$project"

python=$venv/bin/python
[ -x "$python" ] || python=${PYTHON:-python3}

packages_for() {
    case $1 in
        postgresql) echo postgresql ;;
        java) first_available openjdk-17-jre-headless openjdk-21-jre-headless ;;
        libatomic) echo libatomic1 ;;
        # Latin with all of Vietnamese, Cyrillic and Arabic in one small package.
        fonts) echo fonts-dejavu-core ;;
        *) echo "$1" ;;
    esac
}

first_available() {
    local package
    for package in "$@"; do
        if apt-cache show "$package" >/dev/null 2>&1; then
            echo "$package"
            return
        fi
    done
    echo "$1"
}

missing=$("$python" tests/services/find.py)
for command in "$@"; do
    command -v "$command" >/dev/null || missing="$missing $command"
done
missing=$(echo $missing)
[ -n "$missing" ] || exit 0

command -v apt-get >/dev/null || fail \
    "The tests need what this machine lacks: $missing." \
    "This system has no apt-get. Install them with its own packages: the PostgreSQL server" \
    "(initdb and pg_ctl on PATH), Java 17 or 21 (JAVA_HOME), Chromium (CHROMIUM=/path/to/it), a font," \
    "libatomic; then run the command again."

as_root=()
if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || fail \
        "The tests need what this machine lacks: $missing." \
        "Installing it needs root, and there is no sudo. As root: tools/install-services.sh"
    as_root=(sudo)
fi

apt() {
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get --quiet=2 \
        --option Acquire::Retries=3 --option Dpkg::Use-Pty=0 "$@" </dev/null
}

echo "services: installing $missing"
apt update
packages=()
for name in $missing; do
    packages+=("$(packages_for "$name")")
done
apt install --yes --no-install-recommends "${packages[@]}" >/dev/null

missing=$("$python" tests/services/find.py | tr '\n' ' ')
[ -z "$missing" ] || fail "Still missing after the installation of ${packages[*]}: $missing"
