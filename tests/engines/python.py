"""The Python engine under the vectors, over fixtures and over damaged folders: see tests/engines/README.md.

    python.py vectors FOLDER        runs FOLDER/vectors/*.jsonl with FOLDER/bundle.json
    python.py scan BUNDLE.json      cases from stdin, a JSON object a line; their reports to stdout
    python.py verify PUBLIC.pem     folders from stdin; to stdout `ok`, or the code of the fault; `-` stands for no key

Exit code: 0 all is well, 1 something differs, 2 trouble. The engine knows nothing of this program.
"""

import base64
import json
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "site" / "engines" / "python"))
import fixbook  # noqa: E402

KINDS = ("regex", "decode", "frame", "template", "detection")


def content(file):
    return base64.b64decode(file["base64"]) if "base64" in file else file["text"].encode("utf-8")


def evidence(case):
    return [(file["path"], content(file)) for file in case["files"]]


def utf16(text, place):
    return len(text[:place].encode("utf-16-le")) // 2


def spans(text, start, end):
    return {
        "utf8": [fixbook.utf8_length(text[:start]), fixbook.utf8_length(text[:end])],
        "utf16": [utf16(text, start), utf16(text, end)],
    }


def regex(vector, _):
    pattern = fixbook.Pattern(vector)
    text = vector["text"]
    found = pattern.search(text)
    if found is None:
        return {"match": None}
    captures = {
        name: {"text": found[index], **spans(text, *found.span(index))}
        for index, name in enumerate(pattern.groups, 1)
        if found[index] is not None
    }
    return {"match": spans(text, *found.span()), "captures": captures}


def decode(vector, _):
    decoded = fixbook.decode(base64.b64decode(vector["base64"]))
    if decoded.is_binary:
        return {"binary": True}
    return {"encoding": decoded.encoding, "text": decoded.text, "replaced": decoded.replaced, "binary": False}


def frame(vector, _):
    """The records of a file, with every field that they have: also those that are read when they are asked for."""
    source = fixbook.Program(vector["source"], [])
    records = []
    text = fixbook.decode(base64.b64decode(vector["base64"])).text
    for view in source.views(text, vector.get("pasted", False)):
        for name in sorted(source.read_from_fields):
            view.derive(name)
        record = {"first": view.record.first, "last": view.record.last, "text": view.record.text, "fields": view.record.fields}
        if view.record.time is not None:
            record["time"] = view.record.time
        if view.absent:
            record["absent"] = sorted(view.absent)
        records.append(record)
    return {"records": records}


def template(vector, _):
    return {"text": fixbook.fill(vector["template"], vector["captures"])}


def flat(findings):
    """Findings and those that are folded under them."""
    for finding in findings:
        yield finding
        yield from flat(finding.get("superseded", ()))


def detection(vector, rules):
    if "bundle" in vector:
        rules = fixbook.load(fixbook.canonical(vector["bundle"]).encode("utf-8"))
    findings = []
    for finding in flat(fixbook.scan(rules, evidence(vector))["findings"]):
        own = {"issue": finding["issue"], "status": finding["status"]}
        own["captures"] = finding["captures"]
        own["needs"] = finding["needs"]
        own["evidence"] = [[part["file"], part["first_line"], part["last_line"]] for part in finding["evidence"]]
        findings.append(own)
    return {"findings": findings}


def vectors(folder):
    folder = pathlib.Path(folder)
    rules = fixbook.load((folder / "bundle.json").read_bytes())
    differences = 0
    for kind in KINDS:
        lines = (folder / "vectors" / f"{kind}.jsonl").read_text(encoding="utf-8").splitlines()
        for vector in map(json.loads, lines):
            differences += check(kind, vector, rules)
        print(kind, len(lines))
    return 1 if differences else 0


def check(kind, vector, rules):
    came = globals()[kind](vector, rules)
    for key, value in sorted(came.items()):
        expected = vector.get(key, default(value))
        if key == "findings":
            value, expected = ordered(value), ordered(expected)
        if value != expected:
            print(f"{kind} {vector['name']}: {key} should be {shown(expected)} and is {shown(value)}", file=sys.stderr)
            return True
    return False


def default(value):
    """What an optional key of a vector means when it is left out."""
    return type(value)() if value is not None else None


def ordered(findings):
    return sorted(fixbook.canonical({key: value for key, value in finding.items() if value}) for finding in findings)


def shown(value):
    return fixbook.canonical(value)[:2000]


def scan(bundle):
    rules = fixbook.load(pathlib.Path(bundle).read_bytes())
    for line in sys.stdin:
        print(fixbook.canonical(fixbook.scan(rules, evidence(json.loads(line)))), flush=True)
    return 0


def verify(key):
    public = None if key == "-" else pathlib.Path(key).read_bytes()
    for line in sys.stdin:
        case = json.loads(line)
        folder = {path: base64.b64decode(data) for path, data in case["files"].items()}
        try:
            fixbook.verify(folder, public, case.get("serial"))
            print("ok", flush=True)
        except fixbook.Fault as fault:
            print(fault.code, flush=True)
    return 0


def main(arguments):
    commands = {"vectors": vectors, "scan": scan, "verify": verify}
    if len(arguments) != 2 or arguments[0] not in commands:
        print(__doc__, file=sys.stderr)
        return 2
    sys.stdin.reconfigure(encoding="utf-8")
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    sys.stderr.reconfigure(encoding="utf-8", newline="\n")
    try:
        return commands[arguments[0]](arguments[1])
    except (OSError, ValueError, fixbook.Fault) as fault:
        print(f"python.py: {fault}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
