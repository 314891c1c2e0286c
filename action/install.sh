#!/usr/bin/env bash
# Installs vpnctl, unless the cache brought it, and puts it on the path: the release's file with this very source, after a
# check of its SHA-256; else a build of the action's own source.
set -euo pipefail

if ! node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' 2>/dev/null; then
  echo '::error title=vpnctl::Node.js 20.19 or later is needed; add a step with actions/setup-node before this one'
  exit 1
fi

# The release's file, unpacked into $1: it runs as it is. Fails where it cannot be had; ends where it is another file.
unpack() {
  local version="${BUNDLE#vpnctl-}" code=0
  version="${version%.tgz}"
  node "$ACTION_FOLDER/action/download.mjs" \
    "$GITHUB_SERVER_URL/$ACTION_REPOSITORY/releases/download/v$version/$BUNDLE" "$BUNDLE_SHA256" "$work/bundle.tgz" || code=$?
  ((code != 2)) || exit 1
  ((code == 0)) || return 1
  tar -xzf "$work/bundle.tgz" -C "$1" --strip-components=1
}

build() {
  local source="$work/source" part
  mkdir "$source"
  for part in package.json package-lock.json build.mjs build src; do
    cp -R "$ACTION_FOLDER/$part" "$source/"
  done
  (cd "$source" && npm ci --ignore-scripts --no-audit --no-fund && node build.mjs --cli)
  cp -R "$source/dist" "$source/package.json" "$1/"
}

bin="$INSTALL_FOLDER/node_modules/vpnctl/dist/cli/bin.js"
if [[ ! -f $bin ]]; then
  echo '::group::Install vpnctl'
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  mkdir -p "$INSTALL_FOLDER/node_modules" "$work/package"
  if [[ -z ${BUNDLE:-} ]] || ! unpack "$work/package"; then build "$work/package"; fi
  # Whole or not at all.
  rm -rf "$INSTALL_FOLDER/node_modules/vpnctl"
  mv "$work/package" "$INSTALL_FOLDER/node_modules/vpnctl"
  echo '::endgroup::'
fi

mkdir -p "$INSTALL_FOLDER/bin"
# shellcheck disable=SC2016 # expanded when it runs: a cache may be restored elsewhere
printf '#!/bin/sh\nexec node "$(dirname "$0")/../node_modules/vpnctl/dist/cli/bin.js" "$@"\n' >"$INSTALL_FOLDER/bin/vpnctl"
chmod +x "$INSTALL_FOLDER/bin/vpnctl"
echo "$INSTALL_FOLDER/bin" >>"$GITHUB_PATH"
node "$bin" --version
