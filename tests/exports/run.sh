#!/bin/sh
# The exports of the rules under the tools that they are for: sigma-cli, pySigma's backends, ClickHouse. Wants Python
# 3.10 or later with pip and venv, and installs these into a virtual environment below target/, once for each
# requirements.txt. FIXBOOK names a program that is built already.
#
# Ends with 77 when the tools cannot be had, so that the caller can say so.
set -eu
case ${FIXBOOK:-} in
'' | /*) ;;
*) FIXBOOK=$PWD/$FIXBOOK ;;
esac
case ${CARGO_TARGET_DIR:-} in
'' | /*) ;;
*) CARGO_TARGET_DIR=$PWD/$CARGO_TARGET_DIR ;;
esac
cd "$(dirname "$0")"

root=$(cd ../.. && pwd)
python=${PYTHON:-python3}
venv=${CARGO_TARGET_DIR:-$root/target}/exports-venv
skip() {
    printf 'tests/exports: %s\n' "$1" >&2
    exit 77
}

fits() {
    "$python" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))' 2>/dev/null
}
if ! fits && command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
    apt-get update -qq && apt-get install -y -qq --no-install-recommends python3 python3-venv || true
fi
fits || skip "there is no $python of version 3.10 or later with pip and venv (Debian: python3-venv)"
if ! cmp -s requirements.txt "$venv/requirements.txt"; then
    rm -rf "$venv"
    "$python" -m venv "$venv"
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --requirement requirements.txt ||
        skip "the packages of requirements.txt cannot be installed"
    cp requirements.txt "$venv/"
fi

if [ -z "${FIXBOOK:-}" ]; then
    (cd "$root" && cargo build --locked --quiet)
    FIXBOOK=${CARGO_TARGET_DIR:-$root/target}/debug/fixbook
fi
export FIXBOOK PYTHONDONTWRITEBYTECODE=1
exec "$venv/bin/python" -W error::SyntaxWarning -m unittest --verbose test_sigma test_clickhouse
