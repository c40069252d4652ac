"""The Python engine as a driver: README.md says what the commands read and write.

    python.py vectors FOLDER        python.py scan BUNDLE.json        python.py verify PUBLIC.pem

Exit code: 0 all is well, 1 something differs, 2 trouble. The engine knows nothing of this program.
"""

import base64
import json
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.dont_write_bytecode = True
sys.path.insert(0, str(ROOT / "site" / "engines" / "python"))
import fixbook  # noqa: E402


def content(file):
    return base64.b64decode(file["base64"]) if "base64" in file else file["text"].encode("utf-8")


def evidence(case):
    return [(file["path"], content(file)) for file in case["files"]]


def lean(**fields):
    """Without what holds its default, as vectors leave it out."""
    return {name: value for name, value in fields.items() if value}


# What the engine says to a vector of each kind.


def regex(vector, _):
    text = vector["text"]
    pattern = fixbook.Pattern(vector)
    found = pattern.search(text)

    def place(group):
        start, end = found.span(group)
        units = [(len(text[:at].encode("utf-8")), len(text[:at].encode("utf-16-le")) // 2) for at in (start, end)]
        return {"utf8": [bytes for bytes, _ in units], "utf16": [units for _, units in units]}

    if found is None:
        return {"match": None}
    captures = {
        name: {"text": found[group], **place(group)}
        for group, name in enumerate(pattern.groups, 1)
        if found[group] is not None
    }
    return {"match": place(0), **lean(captures=captures)}


def decode(vector, _):
    decoded = fixbook.decode(content({"base64": vector["base64"]}))
    if decoded.is_binary:
        return {"binary": True}
    return {"encoding": decoded.encoding, "text": decoded.text, **lean(replaced=decoded.replaced)}


def frame(vector, _):
    program = fixbook.Program(vector["source"], [])
    text = fixbook.decode(content(vector)).text
    records = []
    for view in program.records(text, vector.get("pasted", False)):
        for name in (name for _, pattern in program.derive for name in pattern.groups):
            view.get(name)
        record = view.record
        own = {"first": record.first, "last": record.last, "text": record.text, "fields": record.fields}
        if record.time is not None:
            own["time"] = record.time
        records.append({**own, **lean(absent=sorted(view.absent - record.fields.keys()))})
    return {"records": records}


def template(vector, _):
    return {"text": fixbook.fill(vector["template"], vector["captures"])}


def detection(vector, rules):
    if "bundle" in vector:
        rules = fixbook.load(fixbook.canonical(vector["bundle"]).encode("utf-8"))
    report = fixbook.scan(rules, evidence(vector))
    unexplained = [[block["file"], block["first_line"], block["last_line"]] for block in report["unexplained"]]
    out = {"findings": [finding(one) for one in report["findings"]], **lean(unexplained=unexplained)}
    if "runs" in vector:
        out["runs"] = [ran(file, run) for file in report["files"] for run in file["runs"]]
    return out


def ran(file, run):
    place = [file["path"], run["first_line"], run["last_line"]]
    return {"at": place, "outcome": run["outcome"], **lean(facts=run.get("facts"))}


def finding(found):
    return {
        "issue": found["issue"],
        "status": found["status"],
        "evidence": [[one["file"], one["first_line"], one["last_line"]] for one in found["evidence"]],
        **lean(captures=found["captures"], needs=found["needs"]),
        **lean(superseded=[finding(one) for one in found.get("superseded", ())]),
    }


#: Each kind with the keys of what is expected.
KINDS = {
    regex: ("match", "captures"),
    decode: ("encoding", "text", "replaced", "binary"),
    frame: ("records",),
    template: ("text",),
    detection: ("findings", "unexplained", "runs"),
}


def vectors(folder):
    folder = pathlib.Path(folder)
    rules = fixbook.load((folder / "bundle.json").read_bytes())
    is_well = True
    for kind, results in KINDS.items():
        name = kind.__name__
        lines = (folder / "vectors" / f"{name}.jsonl").read_bytes().decode("utf-8").split("\n")[:-1]
        for vector in map(json.loads, lines):
            meant = {key: vector[key] for key in results if key in vector}
            came = kind(vector, rules)
            if came != meant:
                is_well = False
                expected, found = fixbook.canonical(meant), fixbook.canonical(came)
                print(f"{name} {vector['name']}: {expected} was expected, {found} came", file=sys.stderr)
        print(name, len(lines))
    return 0 if is_well else 1


def scan(bundle):
    rules = fixbook.load(pathlib.Path(bundle).read_bytes())
    for line in sys.stdin:
        print(fixbook.canonical(fixbook.scan(rules, evidence(json.loads(line)))))
    return 0


def verify(key):
    public = None if key == "-" else pathlib.Path(key).read_bytes()
    for line in sys.stdin:
        case = json.loads(line)
        folder = {path: base64.b64decode(data) for path, data in case["files"].items()}
        try:
            fixbook.verify(folder, public, case.get("serial"))
            print("ok")
        except fixbook.Fault as fault:
            print(fault.code)
    return 0


def main(arguments):
    commands = {"vectors": vectors, "scan": scan, "verify": verify}
    if len(arguments) != 2 or arguments[0] not in commands:
        print(__doc__, file=sys.stderr)
        return 2
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", newline="\n")
    try:
        return commands[arguments[0]](arguments[1])
    except (OSError, ValueError, fixbook.Fault) as fault:
        print(f"python.py: {fault}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
