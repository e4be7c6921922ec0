#!/usr/bin/env bash
# What users install: packs the package, installs the tarball into an empty folder and plays the demo from there; then takes the
# simulator away, which must cost the demo only, and the demo must say so.
set -euo pipefail
cd "$(dirname "$0")/.."

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm pack --silent --pack-destination "$folder" >/dev/null

fail() {
  printf '%s\n' "$1" "$2" >&2
  exit 1
}

cd "$folder"
printf '{ "private": true }\n' >package.json
npm install --silent --no-fund --no-audit --prefer-offline ./gatehouse-*.tgz

said=$(npx --no-install gatehouse demo 2>&1) || fail 'the demo failed:' "$said"
grep -q 'Played in' <<<"$said" || fail 'the demo did not play:' "$said"

rm -r node_modules/gatehouse/node_modules
npx --no-install gatehouse schema >/dev/null
if said=$(npx --no-install gatehouse demo 2>&1); then fail 'the demo played without a GitHub:' "$said"; fi
grep -q 'is not installed here' <<<"$said" || fail 'the demo did not say what it lacks:' "$said"
printf 'the tarball installs, plays the demo, and does without the simulator\n'
