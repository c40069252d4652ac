#!/bin/sh
# Every test there is, in two lanes side by side.
#
#     tests/run.sh             what a change must pass
#     tests/run.sh --nightly   the same, and what takes longer: other inputs for the property tests, the tests of the
#                              matcher built alone, 100,000 changed lines in every host and not 10,000, every page of a
#                              book of a thousand issues. A release runs it.
#
# Each step writes to target/tests/STEP.log, which is shown when the step fails; no failure keeps another step from
# running. A step that ends with 77 says that it cannot run on this machine: with CI set that is a failure, too.
# Ends with 0 when nothing failed; the last line counts the steps.
set -u
cd "$(dirname "$0")/.." || exit 2

target=${CARGO_TARGET_DIR:-$PWD/target}
logs=$target/tests
# The program that `cargo test` builds is the one that every other step runs: features of libraries that only the tests
# ask for would make `cargo run` compile all of them once more.
export FIXBOOK="$target/ci/fixbook"
# And the site that it builds is the one that they look at.
export SITE="$logs/site"
# A snapshot that differs is a failure here, never a new file.
export INSTA_UPDATE=no

first_lane() {
    step format with cargo-fmt cargo fmt --check
    step program cargo test --locked --profile ci --no-run
    step tests cargo test --locked --profile ci -- --include-ignored
    step lints with cargo-clippy cargo clippy --locked --all-targets -- --deny warnings
    step matcher-alone with cargo-clippy cargo clippy --locked --no-default-features --features abi --lib -- --deny warnings
    step windows tests/windows/run.sh
    if [ "$nightly" = yes ]; then
        step seeds tests/seeds.sh
        step matcher-alone-tests cargo test --locked --no-default-features --features abi
    fi
}

second_lane() {
    needs program
    step check "$FIXBOOK" check --deny warnings
    step site "$FIXBOOK" build --out "$SITE"
    step browser tests/browser/run.sh
    step exports tests/exports/run.sh
    step markdown with node tests/markdown/run.sh
    step core with node env LINES="$lines" tests/core/run.sh
    step page with node node --test --test-concurrency=1 tests/page/*.test.mjs tests/search/ruled.test.mjs
    if [ "$nightly" = yes ]; then
        step thousand-issues tests/browser/run.sh --thousand-issues
    fi
}

# NAME COMMAND…: runs it, keeps its output and prints what became of it.
step() {
    name=$1
    shift
    if [ -n "$missing" ]; then
        result "$name" "not run" 0 0 "$missing failed"
        return
    fi
    begin=$(date +%s)
    code=0
    (
        code=0
        "$@" >"$logs/$name.log" 2>&1 </dev/null || code=$?
        times >"$logs/$name.times"
        exit "$code"
    ) || code=$?
    seconds=$(($(date +%s) - begin))
    cpu=$(awk 'NR == 2 { for (i = 1; i <= 2; i++) { split($i, t, /[ms]/); sum += t[1] * 60 + t[2] } printf "%d", sum + .5 }' \
        "$logs/$name.times")
    case $code in
    0) result "$name" passed "$seconds" "$cpu" ;;
    77) result "$name" "not run" "$seconds" "$cpu" "$(tail -n 1 "$logs/$name.log")" ;;
    *) result "$name" failed "$seconds" "$cpu" "see $logs/$name.log" ;;
    esac
}

# TOOL COMMAND…: runs it where the tool is installed.
with() {
    command -v "$1" >/dev/null 2>&1 || {
        printf 'there is no %s\n' "$1"
        return 77
    }
    shift
    "$@"
}

# NAME VERDICT SECONDS CPU [WHY]
result() {
    line=$(printf '%-8s %-20s %5s s, %5s s of processor time%s' "$2" "$1" "$3" "$4" "${5:+: $5}")
    printf '%s\n' "$line"
    printf '%s\n' "$line" >>"$logs/summary"
    printf '%s\n' "$line" >"$logs/$1.new" && mv "$logs/$1.new" "$logs/$1.result"
}

# NAME: waits for a step of the other lane; when it fails, nothing that follows in this lane is run.
needs() {
    while [ ! -e "$logs/$1.result" ]; do sleep 1; done
    grep -q '^passed' "$logs/$1.result" || missing=$1
}

case ${1:-} in
'') nightly=no lines=10000 ;;
--nightly) nightly=yes lines=100000 ;;
*)
    sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//;p;}' "$0" >&2
    exit 2
    ;;
esac
rm -rf "$logs"
mkdir -p "$logs"
git status --porcelain >"$logs/checkout.before" 2>/dev/null
missing=

trap 'trap - TERM; kill 0' INT TERM
second_lane &
first_lane
wait

# A test that leaves files behind, or changes one, is a fault.
unchanged() {
    [ -e .git ] || {
        echo "this is no git checkout"
        return 77
    }
    git status --porcelain | diff "$logs/checkout.before" -
}
step checkout unchanged

for result in $(cd "$logs" && grep -l '^failed' -- *.result); do
    printf '\n== %s\n' "${result%.result}"
    tail -n 200 "$logs/${result%.result}.log"
done
count() { grep -c "^$1" "$logs/summary"; }
passed=$(count passed) failed=$(count failed) not_run=$(count "not run")
printf '\n'
cat "$logs/summary"
if [ "$not_run" != 0 ] && [ -n "${CI:-}" ]; then
    printf '%s steps could not run, and on CI every step must.\n' "$not_run"
    failed=$((failed + not_run))
fi
printf '%s passed, %s failed\n' "$passed" "$failed"
[ "$failed" = 0 ]
