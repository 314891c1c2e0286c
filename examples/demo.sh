#!/usr/bin/env bash
# The main job in one go, against the embedded sandbox: plan, apply, and a plan that says "No changes."
# Needs a built vpnctl (npm run build); no account, nothing outside a temporary folder is written.
set -euo pipefail
cd "$(dirname "$0")/.."
state=$(mktemp -d)
trap 'rm -rf "$state"' EXIT
set -a
. examples/throw-away.env
set +a
vpnctl() {
  printf '\n$ vpnctl %s\n' "$*"
  node dist/cli/bin.js "$@" --data "$state/sandbox.json"
}
vpnctl plan -f examples/quickstart.yaml --sandbox
vpnctl apply -f examples/quickstart.yaml --sandbox --yes
vpnctl plan -f examples/quickstart.yaml --sandbox | tee "$state/last"
grep -q '^No changes\.' "$state/last"
