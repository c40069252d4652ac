#!/bin/sh
# What a change must pass that touches nothing but pages, cases and snapshots: under a minute, and without a test being
# compiled. FIXBOOK names the program, such as a downloaded one; without it, it is built once.
set -eu
cd "$(dirname "$0")/.."

if [ -z "${FIXBOOK:-}" ]; then
    cargo build --locked --release
    FIXBOOK=${CARGO_TARGET_DIR:-target}/release/fixbook
fi
site=$(mktemp -d)
trap 'rm -rf "$site"' EXIT
failed=0
"$FIXBOOK" check --deny warnings || failed=1
"$FIXBOOK" test || failed=1
"$FIXBOOK" test --coverage || failed=1
"$FIXBOOK" build --out "$site/public" >/dev/null || failed=1
# The pages that a search must put first.
if command -v node >/dev/null 2>&1; then
    node tests/search/score.mjs "$site/public" || failed=1
else
    echo "The search was not tested: there is no node."
fi
exit "$failed"
