#!/bin/sh
# All engines beside each other: every vector, every case, and 100,000 records changed at random; then every verifier on
# folders that must be refused. FIXBOOK names the program that builds the rules.
set -eu
cd "$(dirname "$0")/../.."

# The crate without its default features, but with what checks signatures.
cargo build --locked --quiet --no-default-features --features verify --example engine
FIXBOOK="${FIXBOOK:-${CARGO_TARGET_DIR:-target}/debug/fixbook}" node tests/engines/compare.mjs
node --test tests/engines/integrity.mjs
