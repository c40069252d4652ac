#!/bin/sh
# The matcher is one, wherever it runs: the program, Node and Python give the same document, byte for byte, on every fixture
# and on 100,000 lines of fixtures changed at random. FIXBOOK names the program, LINES how many lines are changed.
set -eu
cd "$(dirname "$0")/../.."

export FIXBOOK="${FIXBOOK:-${CARGO_TARGET_DIR:-target}/debug/fixbook}"
out="${CARGO_TARGET_DIR:-target}/core-test"
rm -rf "$out"
mkdir -p "$out"
"$FIXBOOK" build --out "$out/site" > "$out/build.log"
bundle="$out/site/bundle/v1"

node tests/core/corpus.mjs "$out"
# `cargo test` builds it beside the program.
native="$(dirname "$FIXBOOK")/examples/native"
[ -x "$native" ] || cargo test --locked --quiet --no-run --example native
"$native" "$bundle/bundle.json" "$out"
node tests/core/node.mjs "$bundle/engine" "$bundle/bundle.json" "$out"
hosts=node
# The package that runs WebAssembly in Python stands in a folder of its own, where pip can fetch it.
python="${PYTHON:-python3}"
if ! "$python" -c 'import wasmtime' 2> /dev/null; then
    venv="${CARGO_TARGET_DIR:-target}/python"
    "$python" -m venv "$venv" && "$venv/bin/pip" install --quiet wasmtime || true
    python="$venv/bin/python"
fi
if "$python" -c 'import wasmtime' 2> /dev/null; then
    "$python" tests/core/host.py "$bundle/engine" "$bundle/bundle.json" "$out"
    "$python" tests/core/host_test.py "$bundle"
    hosts="$hosts python"
else
    printf '\n== Python was NOT compared: the package wasmtime cannot be had.\n'
    [ -z "${CI:-}" ] || exit 1
fi
# shellcheck disable=SC2086 # one argument for each host
node tests/core/compare.mjs "$bundle/bundle.json" "$out" $hosts
