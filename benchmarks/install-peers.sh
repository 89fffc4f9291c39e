#!/usr/bin/env bash
# Makes the peers' environment in a folder, from benchmarks/peers.lock: install-peers.sh FOLDER
set -euo pipefail
. "$(dirname "$0")/../tools/environment.sh"
cd "$project"

[ $# -eq 1 ] || fail "Name the folder: benchmarks/install-peers.sh FOLDER"
folder=$1

use_pip_settings
rm -rf "$folder"
"$uv" venv --quiet --python "$venv/bin/python" "$folder"
"$uv" pip install --quiet --python "$folder/bin/python" --require-hashes -r benchmarks/peers.lock
