#!/bin/sh
# Reports in Markdown, read by `marked` and markdown-it, and those of the page held against the program's. Wants node and
# npm. FIXBOOK names a program that is built already.
set -eu
cd "$(dirname "$0")"

command -v node >/dev/null 2>&1 || { echo "tests/markdown: node is missing (apt-get install nodejs npm)" >&2; exit 1; }
if [ ! -d node_modules/marked ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
    npm ci --no-audit --no-fund --silent
fi
if [ -z "${FIXBOOK:-}" ]; then
    (cd ../.. && cargo build --locked --quiet)
    FIXBOOK=../../target/debug/fixbook
fi
FIXBOOK=$(cd "$(dirname "$FIXBOOK")" && pwd)/$(basename "$FIXBOOK")
export FIXBOOK
node --test ./*.test.mjs
