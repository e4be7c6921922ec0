#!/bin/sh
# What the image is made of: builds the sources in $1 and installs the package, as anybody would, into the empty folder $2. No
# install script runs; the simulated GitHub, which only the demo plays with, stays out.
set -eu
sources=$1
target=$2

cd "$sources"
npm ci --ignore-scripts --no-fund --no-audit
npm run build
npm pack --ignore-scripts --pack-destination "$target" >/dev/null

cd "$target"
printf '{ "private": true }\n' >package.json
npm install --ignore-scripts --omit=dev --no-fund --no-audit ./gatehouse-*.tgz
rm gatehouse-*.tgz
