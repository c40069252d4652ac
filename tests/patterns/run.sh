#!/bin/sh
# The shipped patterns in an engine that backtracks, and the patterns that nobody may ship. Wants node and npm.
set -eu
cd "$(dirname "$0")"

if [ ! -d node_modules/recheck ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
    npm ci --no-audit --no-fund --silent
fi
cd ../..
node --test tests/patterns/*.test.mjs
