#!/bin/sh
# Compiles the .NET engine and its driver with Mono, as C# 5 and without a warning, and prints the program's path: run it
# with `mono`. Where apt may, what is missing is installed: Debian's mono-mcs, which brings the runtime.
set -eu
cd "$(dirname "$0")/../.."

if ! command -v mcs >/dev/null 2>&1 && command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
    { apt-get update -qq && apt-get install -y -qq --no-install-recommends mono-mcs; } >/dev/null
fi
for program in mcs mono; do
    command -v "$program" >/dev/null 2>&1 || { echo "tests/engines: $program is missing (apt-get install mono-mcs)" >&2; exit 1; }
done

out=${CARGO_TARGET_DIR:-target}/engines
mkdir -p "$out"
# First the engine by itself, as Add-Type compiles it: a library without the driver.
mcs -langversion:5 -warnaserror -target:library -out:"$out/Fixbook.dll" site/engines/dotnet/Fixbook.cs
mcs -langversion:5 -warnaserror -out:"$out/dotnet.exe" site/engines/dotnet/Fixbook.cs tests/engines/dotnet.cs
# There is no PowerShell here to run its script in; at least what the script names is there.
mono "$out/dotnet.exe" script site/engines/dotnet/Invoke-Fixbook.ps1
echo "$out/dotnet.exe"
