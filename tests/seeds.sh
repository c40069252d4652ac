#!/bin/sh
# The property tests with inputs that they did not have yet: twenty rounds, or ROUNDS. What fails prints its seed here
# and its smallest input there, which becomes a unit test.
set -eu
cd "$(dirname "$0")/.."

for round in $(seq "${ROUNDS:-20}"); do
    PROPTEST_RNG_SEED=$(od -A n -N 4 -t u4 /dev/urandom | tr -d ' ')
    export PROPTEST_RNG_SEED
    printf 'round %s: PROPTEST_RNG_SEED=%s\n' "$round" "$PROPTEST_RNG_SEED"
    cargo test --locked --quiet --lib
    cargo test --locked --quiet --test suite -- engine loading
done
