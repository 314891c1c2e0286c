#!/usr/bin/env bash
# Builds vpnctl from the action's own source, unless the cache brought it; puts it on the path.
set -euo pipefail

if ! node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' 2>/dev/null; then
  echo '::error title=vpnctl::Node.js 20.19 or later is needed; add a step with actions/setup-node before this one'
  exit 1
fi

bin="$INSTALL_FOLDER/node_modules/vpnctl/dist/cli/bin.js"
if [[ ! -f $bin ]]; then
  echo '::group::Install vpnctl'
  mkdir -p "$INSTALL_FOLDER"
  source=$(mktemp -d)
  trap 'rm -rf "$source"' EXIT
  for part in package.json package-lock.json build.mjs build src; do
    cp -R "$ACTION_FOLDER/$part" "$source/"
  done
  (cd "$source" && npm ci --ignore-scripts --no-audit --no-fund && node build.mjs --cli)
  mkdir -p "$INSTALL_FOLDER/node_modules/vpnctl"
  cp -R "$source/dist" "$source/package.json" "$INSTALL_FOLDER/node_modules/vpnctl/"
  echo '::endgroup::'
fi

mkdir -p "$INSTALL_FOLDER/bin"
# shellcheck disable=SC2016 # expanded when it runs: a cache may be restored elsewhere
printf '#!/bin/sh\nexec node "$(dirname "$0")/../node_modules/vpnctl/dist/cli/bin.js" "$@"\n' >"$INSTALL_FOLDER/bin/vpnctl"
chmod +x "$INSTALL_FOLDER/bin/vpnctl"
echo "$INSTALL_FOLDER/bin" >>"$GITHUB_PATH"
node "$bin" --version
