#!/bin/sh
# The shipped site in Chromium, from a disk and from a local server; with --thousand-issues the site of a generated book.
# Wants node and npm; installs Debian's Chromium when there is none and apt may. SITE names a site that is built already.
# Ends with 77 when the tools cannot be had.
set -eu
cd "$(dirname "$0")"

command -v node >/dev/null 2>&1 || { echo "tests/browser: node is missing (apt-get install nodejs npm)" >&2; exit 77; }
CHROMIUM=${CHROMIUM:-$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)}
if [ -z "$CHROMIUM" ] && command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
    apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium
    CHROMIUM=$(command -v chromium || true)
fi
[ -n "$CHROMIUM" ] || { echo "tests/browser: no Chromium; install one or name it in CHROMIUM" >&2; exit 77; }
export CHROMIUM

if [ ! -d node_modules/playwright-core ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
    npm ci --no-audit --no-fund --silent
fi
WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT
# FIXBOOK names a program that is built already, like SITE a site.
fixbook() {
    (cd ../.. && if [ -n "${FIXBOOK:-}" ]; then "$FIXBOOK" "$@"; else cargo run --locked --quiet -- "$@"; fi)
}
if [ "${1:-}" = --thousand-issues ]; then
    # A site of the size for which the budgets are: a generated book of a thousand issues. ISSUES makes it another.
    node ../bench/book.mjs fixbook "${ISSUES:-1000}" "$WORK/book"
    fixbook check --book "$WORK/book"
    fixbook build --book "$WORK/book" --out "$WORK/public"
    SITE=$WORK/public node --test --test-name-pattern="^(no page|no kind|every|from a server|the weights)" pages.test.mjs
    exit
fi

if [ -z "${SITE:-}" ]; then
    SITE=$WORK/shipped
    fixbook build --out "$SITE"
fi
export SITE
failed=0
node ../search/score.mjs "$SITE" || failed=1
node --test --test-concurrency=1 ../search/vectors.mjs ./*.test.mjs || failed=1
exit "$failed"
