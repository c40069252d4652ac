"""The Sigma rules are accepted, converted, and found to fire on the fixtures on which a scan fires."""

import json
import os
import pathlib
import re
import sqlite3
import subprocess
import sys
import unittest

import fixtures
import yaml
from sigma.backends.sqlite import sqliteBackend
from sigma.collection import SigmaCollection

#: What the rules' taxonomy calls the fields of an event.
FIELDS = {
    "provider": "Provider_Name", "event_id": "EventID", "level": "Level", "channel": "Channel", "computer": "Computer",
    "task": "Task", "keywords": "Keywords", "message": "Message", "data": "Data",
}

#: Languages that the rules are converted to: SPL, Lucene, KQL.
TARGETS = [
    ("splunk", "--pipeline=splunk_windows"), ("lucene", "--pipeline=ecs_windows"), ("kusto", "--without-pipeline"),
    ("sqlite", "--without-pipeline"),
]


def sigma(*arguments):
    """Runs sigma-cli. It must not ask the network, so the proxies lead nowhere."""
    program = pathlib.Path(sys.executable).with_name("sigma")
    nowhere = {name: "http://127.0.0.1:9" for name in ("http_proxy", "https_proxy")}
    return subprocess.run([program, *arguments], capture_output=True, text=True, env={**os.environ, **nowhere})


def plain(name):
    """A provider's name without what copies of it change."""
    return re.sub(r"[\s-]", "", name).lower()


def providers(value):
    """The names of providers that a rule asks for."""
    if isinstance(value, list):
        return [name for one in value for name in providers(one)]
    if not isinstance(value, dict):
        return []
    own = value.get("Provider_Name", [])
    return [*([own] if isinstance(own, str) else own), *(name for one in value.values() for name in providers(one))]


class Rules(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = fixtures.export("sigma")
        cls.left_out = fixtures.left_out(cls.folder)
        cls.paths = sorted(cls.folder.glob("*.yml"))
        cls.events = {source["id"] for source in fixtures.rules()["sources"] if source["format"] == "windows-event"}

    def test_every_issue_is_exported_or_listed(self):
        exported = {path.stem for path in self.paths}
        for issue in fixtures.rules()["issues"]:
            extent, reasons = self.left_out.get(issue["id"], ("", ["none"]))
            self.assertEqual(issue["id"] in exported, extent != "wholly", issue["id"])
            self.assertTrue(all(reasons), issue["id"])
        self.assertGreater(len(exported), 10)

    def test_an_issue_about_events_is_left_out_for_a_reason_of_its_own(self):
        for issue in fixtures.rules()["issues"]:
            sources = set(re.findall(r'"source": "([a-z0-9-]+)"', json.dumps(issue.get("detection"))))
            if sources and sources <= self.events and issue["id"] in self.left_out:
                reasons = self.left_out[issue["id"]][1]
                self.assertFalse([why for why in reasons if "not Windows events" in why], issue["id"])

    def test_sigma_check_accepts_every_rule(self):
        answer = sigma("check", "--fail-on-issues", str(self.folder))
        self.assertEqual(answer.returncode, 0, answer.stdout + answer.stderr)
        self.assertIn("Found 0 errors, 0 condition errors and 0 issues", answer.stdout)

    def test_identifiers_are_unique_and_stay(self):
        rules = {path.stem: yaml.safe_load(path.read_text()) for path in self.paths}
        self.assertEqual(len({rule["id"] for rule in rules.values()}), len(rules))
        self.assertEqual(rules["web-hmacprovider-certificate-assert"]["id"], "ce1bed67-4d5c-5272-af26-7a2de06ad269")

    def test_every_rule_is_converted(self):
        for target, pipeline in TARGETS:
            answer = sigma("convert", "--target", target, pipeline, "--fail-unsupported", str(self.folder))
            self.assertEqual(answer.returncode, 0, f"{target}: {answer.stderr}")
            self.assertNotIn("Error", answer.stderr, target)
            queries = [query for query in re.split(r"\n\n+", answer.stdout.strip()) if query.strip()]
            self.assertEqual(len(queries), len(self.paths), f"{target}: {answer.stdout}")

    def test_one_stream_holds_the_same_rules(self):
        command = [fixtures.FIXBOOK, "bundle", "--export", "sigma"]
        answer = subprocess.run(command, check=True, cwd=fixtures.ROOT, capture_output=True, text=True)
        stream = list(yaml.safe_load_all(answer.stdout))
        self.assertEqual(stream, [yaml.safe_load(path.read_text()) for path in self.paths])

    def test_a_rule_fires_on_the_fixtures_on_which_a_scan_fires(self):
        database = sqlite3.connect(":memory:")
        database.create_function("REGEXP", 2, lambda regex, text: text is not None and bool(re.search(regex, text)))
        columns = ", ".join(f"{name} TEXT COLLATE NOCASE" for name in FIELDS.values())
        database.execute(f"CREATE TABLE logs (file TEXT, {columns})")
        # A collection of events has a provider's own name; a copy of the Event Viewer may spell it otherwise.
        spelled = {plain(name): name for path in self.paths for name in providers(yaml.safe_load(path.read_text()))}
        events, paths = 0, []
        for path in fixtures.files():
            rows = [row for row in fixtures.rows(path) if row["source_id"] in self.events]
            if rows:
                paths.append(path)
            for row in rows:
                # A fragment of a copy has its text in no field; a collection would have it in the message.
                if not (row.get("message") or row.get("data")):
                    row["message"] = row.get("text")
                row["provider"] = spelled.get(plain(row.get("provider") or ""), row.get("provider"))
                database.execute(
                    f"INSERT INTO logs VALUES ({', '.join('?' * (1 + len(FIELDS)))})", [path, *map(row.get, FIELDS)]
                )
            events += len(rows)

        compared, differing = 0, []
        for rule in self.paths:
            (query,) = sqliteBackend().convert(SigmaCollection.from_yaml(rule.read_text()))
            hits = {path for (path,) in database.execute(query.replace("SELECT *", "SELECT DISTINCT file", 1))}
            for path in paths:
                findings = fixtures.matched(path).get(rule.stem, [])
                by_event = any(one["source"] in self.events for finding in findings for one in finding["evidence"])
                # What several events decide together is not exported.
                reasons = self.left_out.get(rule.stem, ("", []))[1]
                by_several = any("not Windows events" not in why for why in reasons)
                if by_event != (path in hits) and not (by_event and by_several):
                    differing.append(f"{rule.stem}: {path}: the scan says {by_event}, the rule {path in hits}")
                compared += by_event
        self.assertEqual(differing, [])
        print(f"sigma: {len(self.paths)} rules on {events} events of {len(paths)} files, {compared} findings agree")
        self.assertGreater(compared, 30)


if __name__ == "__main__":
    unittest.main()
