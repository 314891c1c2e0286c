#!/usr/bin/env bash
# Says where vpnctl is installed and under which key it is cached; which file of the release holds this very source, if one
# does; and whether the runner has a Node.js that is new enough.
set -euo pipefail

sum() {
  if command -v sha256sum >/dev/null; then sha256sum; else shasum -a 256; fi
}

# The content, since a tag of the action can move.
key="source-$(cd "$ACTION_FOLDER" &&
  find package.json package-lock.json build.mjs build src -type f | LC_ALL=C sort | tr '\n' '\0' |
  xargs -0 cat | sum | cut -c 1-32)"
{
  echo "folder=$INSTALL_FOLDER"
  echo "key=$key"
  if node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' 2>/dev/null; then echo node=true; else echo node=false; fi
  # Written by the commit after the build: source, SHA-256, name.
  [[ ! -f $ACTION_FOLDER/action/bundle.txt ]] || awk -v key="$key" \
    '$1 == key { print "bundle=" $3; print "sha256=" $2 }' "$ACTION_FOLDER/action/bundle.txt"
} >>"$GITHUB_OUTPUT"
