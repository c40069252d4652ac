#!/bin/sh
# Every test there is. Ends with 0 when all of them pass.
set -eu
cd "$(dirname "$0")/.."

step() {
    printf '\n== %s\n' "$*"
    "$@"
}

# A snapshot that differs is a failure here, never a new file.
export INSTA_UPDATE=no

if cargo fmt --version >/dev/null 2>&1; then
    step cargo fmt --check
fi
if cargo clippy --version >/dev/null 2>&1; then
    step cargo clippy --locked --all-targets -- --deny warnings
fi
# The matcher alone, then everything.
step cargo test --locked --no-default-features
step cargo test --locked --no-default-features --features abi --lib abi
step cargo test --locked
# The shipped knowledge base, with the program that a contributor has.
step cargo run --locked --quiet -- check --deny warnings
step cargo run --locked --quiet -- test

# The matcher, published, says what the program says; so do the search and the reports of the site.
if command -v node >/dev/null 2>&1; then
    FIXBOOK="${CARGO_TARGET_DIR:-target}/debug/fixbook" step node --test --test-concurrency=1 tests/page/*.test.mjs tests/search/ruled.test.mjs
    # In the program, in Node, in Python.
    FIXBOOK="${CARGO_TARGET_DIR:-target}/debug/fixbook" step tests/core/run.sh
    # Reports in Markdown, under the readers of others.
    FIXBOOK="${CARGO_TARGET_DIR:-target}/debug/fixbook" step tests/markdown/run.sh
    # The site in Chromium, and its search scored. Installs what it needs where it may.
    step tests/browser/run.sh
elif [ -n "${CI:-}" ]; then
    printf '\nThe pages were not tested: there is no node (20 or later), and on CI there must be one.\n' >&2
    exit 1
else
    printf '\n== The pages were NOT tested: there is no node. Install Node 20 or later.\n'
fi

# The exports of the rules under the tools that they are for. Installs what it needs below target/ where it may.
code=0
FIXBOOK="${CARGO_TARGET_DIR:-target}/debug/fixbook" step tests/exports/run.sh || code=$?
if [ "$code" = 77 ] && [ -z "${CI:-}" ]; then
    printf '\n== The exports were NOT tested: their tools cannot be had here, see above.\n'
elif [ "$code" != 0 ]; then
    exit 1
fi

printf '\nAll tests passed.\n'
