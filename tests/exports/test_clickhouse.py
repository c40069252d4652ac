"""The SQL labels what a scan finds: on the embedded engine, for every fixture and every rule that is exported."""

import json
import unittest

import fixtures
from chdb.session import Session


def statements(script):
    """The statements of a script; no text in them holds a semicolon before the end of a line."""
    return [text for text in script.read_text().split(";\n") if text.strip()]


def labelled(folder, rows):
    """The labels of these rows by (file, source, first line, last line)."""
    session = Session()
    for script in sorted(folder.glob("*.sql")):
        for statement in statements(script):
            session.query(statement)
    table = fixtures.scratch() / "rows.jsonl"
    table.write_text("".join(json.dumps(row) + "\n" for row in rows))
    session.query(f"INSERT INTO fixbook_records FROM INFILE '{table}' FORMAT JSONEachRow")
    stored = int(str(session.query("SELECT count() FROM fixbook_records")))
    answer = session.query("SELECT * EXCEPT text FROM fixbook_labels", "JSONEachRow")
    labels = [json.loads(line) for line in str(answer).splitlines()]
    session.close()
    return stored, labels


def place(record):
    return record["source_id"], record["first_line"], record["last_line"]


class Fixtures(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = fixtures.export("clickhouse")
        cls.left_out = fixtures.left_out(cls.folder)
        rows = [row for path in fixtures.files() for row in fixtures.rows(path)]
        stored, labels = labelled(cls.folder, rows)
        assert stored == len(rows), (stored, len(rows))
        cls.records = len(rows)
        cls.labels = {}
        for label in labels:
            issues = cls.labels.setdefault(label["file_path"], {})
            issues.setdefault(label["issue"], set()).add(place(label))

    def test_every_issue_is_exported_or_listed(self):
        script = (self.folder / "2-labels.sql").read_text()
        for issue in fixtures.rules()["issues"]:
            is_exported = f", '{issue['id']}', '')" in script
            extent, reasons = self.left_out.get(issue["id"], ("", ["none"]))
            self.assertEqual(is_exported, extent != "wholly", issue["id"])
            self.assertTrue(all(reasons), issue["id"])

    def test_a_file_has_the_labels_of_the_issues_that_a_scan_finds_in_it(self):
        compared, elsewhere = 0, 0
        for path in fixtures.files():
            found = fixtures.matched(path)
            labels = self.labels.get(path, {})
            self.assertLessEqual(labels.keys(), found.keys(), f"{path}: labels that are no findings")
            for issue in found.keys() - labels.keys():
                # By an alternative that is not exported, and is listed.
                self.assertIn(issue, self.left_out, f"{path}: a finding without a label")
                elsewhere += self.left_out[issue][0] == "in part"
            compared += len(labels)
        print(f"clickhouse: {self.records} records of {len(fixtures.files())} files, {compared} labels of files agree")
        print(f"clickhouse: {elsewhere} findings by a listed alternative of an issue that is exported in part")
        self.assertGreater(compared, 300)

    def test_the_records_that_speak_for_a_finding_are_labelled(self):
        compared = 0
        for path in fixtures.files():
            for issue, findings in fixtures.matched(path).items():
                if issue in self.left_out:
                    continue
                labels = self.labels[path][issue]
                for evidence in (evidence for finding in findings for evidence in finding["evidence"]):
                    where = evidence["source"], evidence["first_line"], evidence["last_line"]
                    self.assertIn(where, labels, f"{path}: {issue}")
                    compared += 1
        self.assertGreater(compared, 300)


class Traps(unittest.TestCase):
    def test_what_must_not_be_said_must_be_known_not_to_be_said(self):
        def says(field, text):
            return {"clause": {"source": "lines", "where": [{"field": field, "test": {"contains_any": [text]}}]}}

        def alone(*members):
            return {"all": {"members": [*members], "same": "record"}}

        rules = {
            "not": alone(says("y", "1"), {"none": {"members": [says("x", "a")]}}),
            "neither": alone(says("y", "1"), {"none": {"members": [says("x", "a"), says("x", "b")]}}),
            "not-both": alone(says("y", "1"), {"none": {"members": [alone(says("x", "a"), says("x", "b"))]}}),
            "not-not": alone(says("y", "1"), {"none": {"members": [{"none": {"members": [says("x", "a")]}}]}}),
            "either": {"any": {"members": [says("x", "a"), says("x", "b")], "same": "record"}},
        }
        # The field x and whether it may be there unknown to us; the rules that are true.
        table = [
            ("c", False, {"not", "neither", "not-both"}),
            ("a", False, {"not-both", "not-not", "either"}),
            ("b", False, {"not", "not-both", "either"}),
            ("ab", False, {"not-not", "either"}),
            (None, False, {"not", "neither", "not-both"}),
            (None, True, set()),
        ]
        path = fixtures.scratch() / "bundle.json"
        path.write_text(json.dumps(bundle_of(rules)))
        folder = fixtures.export("clickhouse", "--bundle", str(path))
        self.assertEqual(fixtures.left_out(folder), {})
        rows = [
            {
                "file_path": str(number), "source_id": "lines", "first_line": 1, "last_line": 1, "text": "",
                "x": x, "y": "1", "unknown_fields": ["x"] * is_unknown,
            }
            for number, (x, is_unknown, _) in enumerate(table)
        ]
        _, labels = labelled(folder, rows)
        for number, (x, is_unknown, expected) in enumerate(table):
            found = {label["issue"] for label in labels if label["file_path"] == str(number)}
            self.assertEqual(found, expected, (x, is_unknown))


def bundle_of(rules):
    """A bundle of these rules by the ids of their issues."""
    issue = {
        "kind": "issue", "title": "A rule", "category": "test", "severity": "low", "confidence": "high",
        "status": "stable", "risk": "low", "applies_to": [], "summary": [], "fix": [], "verify": [], "references": [],
        "url": "",
    }
    source = {"id": "lines", "title": "Lines", "collect": "", "format": "lines", "files": ["*.log"]}
    return {
        "schema": "fixbook-bundle", "format": "1.0", "version": "1.0.0", "name": "traps",
        "products": [], "shells": [], "sources": [source],
        "issues": [{**issue, "id": id, "detection": {"rule": rule}} for id, rule in sorted(rules.items())],
    }


if __name__ == "__main__":
    unittest.main()
