"""The fixtures as the tests of the exports need them: what a scan of each file by itself says, and its records.

The scan is that of the published Python module, which runs the matcher of the program.
"""

import atexit
import functools
import json
import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
FIXBOOK = os.environ.get("FIXBOOK", str(ROOT / "target" / "debug" / "fixbook"))

_SCRATCH = tempfile.TemporaryDirectory(prefix="exports-")
atexit.register(_SCRATCH.cleanup)


def scratch():
    """A new empty folder that goes with the tests."""
    return pathlib.Path(tempfile.mkdtemp(dir=_SCRATCH.name))


def export(tool, *arguments):
    """The folder that `fixbook bundle export` writes."""
    out = scratch() / tool
    command = [FIXBOOK, "bundle", "export", tool, "--out", str(out), *arguments]
    subprocess.run(command, check=True, cwd=ROOT, stderr=subprocess.DEVNULL)
    return out


def left_out(folder):
    """Of each issue that is not exported, or not whole: the extent and the reasons."""
    lines = (folder / "NOT-EXPORTED.tsv").read_text().splitlines()[1:]
    found = {}
    for issue, extent, why in (line.split("\t") for line in lines):
        found.setdefault(issue, (extent, []))[1].append(why)
    return found


@functools.cache
def bundle():
    """The bundle of the shipped book, as the program publishes it."""
    out = scratch()
    subprocess.run([FIXBOOK, "build", "--out", str(out)], check=True, cwd=ROOT, stdout=subprocess.DEVNULL)
    return out / "bundle" / "v1" / "bundle.json"


@functools.cache
def rules():
    """The document of the bundle."""
    return json.loads(bundle().read_bytes())


@functools.cache
def engine():
    """The published matcher with these rules."""
    folder = bundle().parent / "engine"
    sys.path.insert(0, str(folder))
    import fixbook

    return fixbook.open(folder / "fixbook.wasm", bundle())


@functools.cache
def files():
    """Every file of the fixtures by its path."""
    folder = ROOT / "tests" / "fixtures"
    found = sorted(path for path in folder.glob("*/**/*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


@functools.cache
def matched(path):
    """The findings of a scan of this file alone that are not merely possible, by issue."""

    def flat(findings):
        for finding in findings:
            yield finding
            yield from flat(finding.get("superseded", []))

    scan = engine().scan()
    scan.file(path)
    scan.push(files()[path])
    scan.end()
    found = {}
    for finding in flat(scan.report()["findings"]):
        if finding["status"] == "matched":
            found.setdefault(finding["issue"], []).append(finding)
    return found


@functools.cache
def records():
    """The records of every file, as the program prints them."""
    command = [FIXBOOK, "records", "--bundle", str(bundle()), "--", *sorted({path.split("/")[0] for path in files()})]
    # What is no log of any kind makes it end with 2.
    printed = subprocess.run(command, cwd=ROOT / "tests" / "fixtures", stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    found = {}
    for line in printed.stdout.decode("utf-8").splitlines():
        row = json.loads(line)
        found.setdefault(row["file_path"], []).append(row)
    return found


def rows(path):
    """The records of this file."""
    return records().get(path, [])
