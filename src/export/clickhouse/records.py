"""Cuts logs into records, one JSON object a line: the rows of the table `fixbook_records`.

It needs Python 3.9 or later and `fixbook.py`, which is published with the bundle, beside it or on PYTHONPATH:

    export PYTHONPATH=bundle/v1/engines/python
    python3 records.py bundle/v1/bundle.json logs/ |
        clickhouse-client --query "INSERT INTO fixbook_records FORMAT JSONEachRow"

Invariant: the records, fields and runs are those that a scan of the same file sees. A file that no source recognises is
given as each source that reads pasted text reads it.
"""

import json
import os
import pathlib
import sys

import fixbook


def asked(rules):
    """For each source the fields that rules ask."""
    fields = {source["id"]: set() for source in rules.sources}
    for _, rule in rules.matcher.conditions:
        for clause in rule.clauses():
            tests = clause.body.get("where", []) + clause.body.get("expect", [])
            fields[clause.body["source"]].update(test["field"] for test in tests)
    return fields


def rows(rules, path, data):
    """The rows of one file."""
    _, evidence = rules.matcher.read(path, data)
    text = fixbook.decode(data).text
    programs = {program.id: program for program in rules.matcher.programs}
    fields = asked(rules)
    for file in evidence:
        program = programs[file.source]
        latest = 0
        whole = text if program.is_streamed else fixbook.head(text, fixbook.MAX_DOCUMENT)
        for view in program.records(whole, file.is_pasted):
            record = view.record
            runs = [run for run in file.runs if run.first <= record.first <= run.last]
            if file.is_pasted and record.first <= latest:
                runs = file.runs[-1:]  # Paragraphs of a fragment are asked after all its lines.
            latest = max(latest, record.last)
            if not runs:
                continue  # Of a run so long ago that a scan forgets it.
            values = {name: view.get(name) for name in program.read_from_fields | fields[program.id]}
            unknown = [name for name, value in values.items() if value is None and not view.may_have(name)]
            yield {
                **record.fields,
                **{name: value for name, value in values.items() if value is not None},
                "file_path": path,
                "source_id": program.id,
                "first_line": record.first,
                "last_line": record.last,
                "run_number": runs[0].number,
                "run_outcome": runs[0].outcome,
                "run_is_last": file.runs.index(runs[0]) >= file.last_runs(),
                "unknown_fields": sorted(unknown),
                "text": record.text,
            }


def main(bundle, *paths):
    rules = fixbook.load(pathlib.Path(bundle).read_bytes())
    for given in paths:
        found = [os.path.join(folder, name) for folder, _, names in os.walk(given) for name in names] or [given]
        for path in sorted(found):
            for row in rows(rules, path, pathlib.Path(path).read_bytes()):
                print(json.dumps(row))


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit("usage: python3 records.py BUNDLE.json PATH...")
    main(*sys.argv[1:])
