#!/usr/bin/env bash
# Writes the lock files from pyproject.toml; `make lock UPGRADE=1` moves to the newest versions.
#
# The files hold versions and hashes and no address, so they serve behind a firm's mirror too.
set -euo pipefail
. "$(dirname "$0")/environment.sh"
cd "$project"
use_pip_settings

compile() {
    "$uv" pip compile --quiet --universal --python-version 3.11 \
        --generate-hashes --no-annotate --no-emit-index-url --no-emit-find-links \
        --custom-compile-command "make lock" ${UPGRADE:+--upgrade} "$@"
}

compile pyproject.toml --output-file requirements.lock
compile --group bootstrap --output-file requirements-bootstrap.lock
compile pyproject.toml --all-extras --group dev --constraints requirements.lock \
    --constraints requirements-bootstrap.lock --output-file requirements-dev.lock
compile benchmarks/peers.in --output-file benchmarks/peers.lock

if grep --line-number '://' requirements*.lock benchmarks/peers.lock; then
    fail "An address stands in the lock (see above): a lock names versions and hashes only."
fi
