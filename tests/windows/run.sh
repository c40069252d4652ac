#!/bin/sh
# The program as Windows runs it: built for x86_64-pc-windows-gnu, run by Wine, and held against what the program of this
# machine says. Wants rustup, mingw-w64 and wine64; as root on Debian it installs the last two. FIXBOOK names the program
# of this machine when it is built already.
#
# Ends with 77 when the tools cannot be had, so that the caller can say so.
set -eu
cd "$(dirname "$0")/../.."

TARGET=x86_64-pc-windows-gnu
target=${CARGO_TARGET_DIR:-$PWD/target}

skip() {
    printf 'tests/windows: %s\n' "$1" >&2
    exit 77
}
has() {
    command -v "$1" >/dev/null 2>&1
}

if ! has x86_64-w64-mingw32-gcc || ! { has wine || has wine64; }; then
    if has apt-get && [ "$(id -u)" = 0 ]; then
        apt-get update -qq && apt-get install -y -qq --no-install-recommends gcc-mingw-w64-x86-64 wine64 wine || true
    fi
fi
has x86_64-w64-mingw32-gcc || skip "there is no x86_64-w64-mingw32-gcc (Debian: gcc-mingw-w64-x86-64)"
WINE=$(command -v wine || command -v wine64 || true)
[ -n "$WINE" ] || skip "there is no wine (Debian: wine64)"
if [ ! -d "$(rustc --print sysroot)/lib/rustlib/$TARGET" ]; then
    has rustup && rustup target add "$TARGET" || skip "the target $TARGET is missing (rustup target add $TARGET)"
fi

cargo build --locked --target "$TARGET"
if [ -z "${FIXBOOK:-}" ]; then
    cargo build --locked
    FIXBOOK=$target/debug/fixbook
fi

work=$(mktemp -d)
export WINEPREFIX="$target/wine" WINEDEBUG=-all WINEDLLOVERRIDES="mscoree,mshtml=" LC_ALL=C.UTF-8
unset DISPLAY
trap '"$WINE"server -k >/dev/null 2>&1 || true; rm -rf "$work"' EXIT
mkdir -p "$WINEPREFIX"
# A path of this machine as Windows has it: Wine shows the root as Z:.
windows() {
    printf 'Z:%s' "$1" | tr / '\\'
}
exe=$work/fixbook.exe
cp "$target/$TARGET/debug/fixbook.exe" "$exe"
# What Wine says while it makes its folder belongs to no test.
"$WINE" cmd /c exit >/dev/null 2>&1 </dev/null
x86_64-w64-mingw32-gcc -shared -o "$work/bcryptprimitives.dll" tests/windows/prng.c -ladvapi32

failures=0
# NAME FILE FILE: two files must be the same.
same() {
    if cmp -s "$2" "$3"; then
        printf 'ok      %s\n' "$1"
    else
        printf 'FAILED  %s\n' "$1"
        diff "$2" "$3" | head -n 20
        failures=$((failures + 1))
    fi
}
# NAME ARGUMENT…: both programs end with the same code and say the same, from the same folder.
agree() {
    name=$1
    shift
    here=0 there=0
    { "$FIXBOOK" "$@" || here=$?; } >"$work/here" 2>"$work/here.err" </dev/null
    { "$WINE" "$exe" "$@" || there=$?; } >"$work/there" 2>"$work/there.err" </dev/null
    printf 'ends with %s\n' "$here" >>"$work/here"
    printf 'ends with %s\n' "$there" >>"$work/there"
    same "$name" "$work/here" "$work/there"
    same "$name, messages" "$work/here.err" "$work/there.err"
}

agree "check" check
agree "every rule on every case" test
"$FIXBOOK" build --out "$work/site-here" >/dev/null
"$WINE" "$exe" build --out "$work/site-there" >/dev/null
if diff -r "$work/site-here" "$work/site-there" >"$work/difference"; then
    printf 'ok      the same bytes are built\n'
else
    printf 'FAILED  the same bytes are built\n'
    head -n 20 "$work/difference"
    failures=$((failures + 1))
fi

log=tests/fixtures/setup-missing-directory/match-grammars.log
agree "a file" scan --book . "$log"
agree "a file, as JSON" scan --book . --format json "$log"
agree "a file, in Markdown" scan --book . --format markdown "$log"
agree "files in one folder and another" scan --book . --format json tests/fixtures/setup-missing-directory tests/fixtures/_good
missing=0
"$WINE" "$exe" scan --book . no-such-folder/no-such.log "$log" >"$work/there" 2>&1 </dev/null || missing=$?
printf 'ends with %s: %s\n' "$missing" "$(grep -o no-such-folder/no-such.log "$work/there" | head -n 1)" >"$work/missing"
echo "ends with 2: no-such-folder/no-such.log" >"$work/wanted-missing"
same "a file that is missing is named, and is no success" "$work/wanted-missing" "$work/missing"

# NAME FILE WANTED…: a scan of the file by Windows' program finds what a scan of the log above finds here.
"$FIXBOOK" scan --book . --format json - <"$log" >"$work/wanted.json" || true
found() {
    sed -n 's/^ *"\(issue\|first_line\|last_line\)": //p' "$1"
}
found "$work/wanted.json" >"$work/wanted"
finds() {
    "$WINE" "$exe" scan --book . --format json "$2" >"$work/found.json" 2>"$work/found.err" </dev/null || true
    found "$work/found.json" >"$work/found"
    same "$1" "$work/wanted" "$work/found"
}

"$WINE" "$exe" scan --book . --format json - <"$log" >"$work/found.json" || true
same "standard input" "$work/wanted.json" "$work/found.json"

folder="$work/Zwei Wörter/Übung (1)"
mkdir -p "$folder"
cp "$log" "$folder/Ä ö.log"
finds "blanks and umlauts" "$folder/Ä ö.log"
finds "a drive letter and backslashes" "$(windows "$folder/Ä ö.log")"
if grep '"\(path\|file\)": "Z:' "$work/found.json" | grep -v '"Z:/[^\\]*/Zwei Wörter/Übung (1)/Ä ö.log"' ||
    ! grep -q '"file": "Z:/' "$work/found.json"; then
    printf 'FAILED  printed paths have one kind of separator\n'
    failures=$((failures + 1))
else
    printf 'ok      printed paths have one kind of separator\n'
fi
finds "a folder with such names" "$(windows "$work/Zwei Wörter")"

carriage=$(printf '\r')
sed "s/\$/$carriage/" "$log" >"$work/crlf.log"
finds "lines that end as in Windows" "$work/crlf.log"
{ printf '\377\376'; iconv -f UTF-8 -t UTF-16LE "$work/crlf.log"; } >"$work/utf16.log"
finds "UTF-16" "$work/utf16.log"

long=$work
for _ in 1 2 3 4 5 6 7 8; do long=$long/a-folder-with-a-name-of-some-forty-letters; done
mkdir -p "$long"
cp "$log" "$long/deep.log"
finds "a path of more than 260 letters" "$long/deep.log"
finds "a folder with such a path in it" "$work/a-folder-with-a-name-of-some-forty-letters"

# A console of old, for which Wine wants a terminal: the same bytes go through a pipe, whatever its code page is.
mkdir "$work/evidence"
cp "$log" "$work/evidence/Ä ö.log"
(cd "$work" && "$FIXBOOK" scan --book "$OLDPWD" --format markdown evidence >"$work/here") || true
for page in 850 1252; do
    {
        printf '@echo off\r\nchcp %s\r\ncd /d %s\r\n' "$page" "$(windows "$work")"
        printf 'fixbook.exe scan --book %s --format markdown evidence >there\r\n' "$(windows "$PWD")"
    } >"$work/run.bat"
    rm -f "$work/there"
    script -qec "'$WINE' cmd /c '$(windows "$work/run.bat")'" /dev/null >"$work/console" 2>&1 </dev/null || true
    sed -i "s/from \`Z:/from \`/" "$work/there"
    grep -q "code page: $page" "$work/console" || cat "$work/console" >>"$work/there"
    same "a console with code page $page" "$work/here" "$work/there"
done

gzip -dc tests/windows/Application.evtx.gz >"$work/Application.evtx"
"$FIXBOOK" scan --book . --format json - <"$log" >/dev/null || true
(cd "$work" && "$FIXBOOK" scan --book "$OLDPWD" --format json Application.evtx >here 2>here.err) || true
(cd "$work" && "$WINE" "$exe" scan --book "$OLDPWD" --format json Application.evtx >there 2>there.err </dev/null) || true
grep -q '"iis-exppw-module-load-failed"' "$work/here" || failures=$((failures + 1))
same "a binary event log, read by a child process" "$work/here" "$work/there"

printf '%s failures\n' "$failures"
[ "$failures" = 0 ]
