"""The Python engine as people run it: what it prints, its exit codes, and folders that it refuses.

    python3 -W error tests/engines/python_test.py
"""

import contextlib
import hashlib
import io
import json
import os
import pathlib
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.dont_write_bytecode = True
sys.path.insert(0, str(ROOT / "site" / "engines" / "python"))
import fixbook  # noqa: E402

LOG = {
    "id": "log", "title": "Log", "collect": "", "format": "lines", "files": ["*.log"],
    "content": [{"source": "^#log", "regex": "^#[Ll][Oo][Gg]"}],
}
ISSUE = {
    "id": "disk-full", "kind": "issue", "title": "The disk is full", "category": "disks", "severity": "high",
    "confidence": "high", "status": "stable", "risk": "low", "applies_to": [], "references": [],
    "url": "disk-full.html",
    "summary": [{"text": "There is no room on "}, {"capture": {"name": "disk"}}, {"text": "."}],
    "fix": [
        {"step": {"number": 1, "text": [{"text": "Make room."}]}},
        {"command": {"shell": "ps", "text": [{"text": "Clear-Disk "}, {"capture": {"name": "disk", "filter": "ps"}}]}},
    ],
    "verify": [],
    "detection": {"rule": {"clause": {
        "source": "log", "where": [{"field": "text", "test": {"regex": {
            "source": "(?<disk>[^ ]+) is full", "regex": "([^ ]+) [Ii][Ss] [Ff][Uu][Ll][Ll]", "groups": ["disk"],
        }}}],
    }}},
}


def bundle(**changes):
    whole = {
        "schema": "fixbook-bundle", "format": "1.0", "name": "small", "version": "1.0.0", "sources": [LOG],
        "products": [], "shells": [], "issues": [ISSUE],
    }
    return json.dumps({**whole, **changes}).encode("utf-8")


class CommandLine(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)

    def write(self, name, data):
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
        return str(path)

    def release(self, rules, serial=5):
        """A folder of a bundle without a signature."""
        self.write("bundle/bundle.json", rules)
        file = {"path": "bundle.json", "size": len(rules), "sha256": hashlib.sha256(rules).hexdigest()}
        head = {key: json.loads(rules)[key] for key in ("format", "name", "version")}
        manifest = {"schema": "fixbook-manifest", **head, "serial": serial, "files": [file]}
        self.write("bundle/manifest.json", json.dumps(manifest).encode("utf-8"))
        return str(self.folder / "bundle")

    def run_with(self, *arguments):
        """Exit code, and what stands on stdout and stderr."""
        streams = [io.TextIOWrapper(io.BytesIO()) for _ in range(2)]
        with contextlib.redirect_stdout(streams[0]), contextlib.redirect_stderr(streams[1]):
            code = fixbook.main(list(arguments))
        for stream in streams:
            stream.flush()
        return (code, *(stream.buffer.getvalue().decode("utf-8") for stream in streams))

    def test_findings_are_printed_and_make_the_exit_code_1(self):
        log = self.write("a.log", b"#log\nC:\x1b[2J is full\n")
        code, out, err = self.run_with(self.write("bundle.json", bundle()), log)
        self.assertEqual((code, err), (1, ""))
        self.assertIn("matched: The disk is full [disk-full]", out)
        self.assertIn("There is no room on C:[2J.", out)
        self.assertIn("a.log:2", out)
        self.assertIn("Make room.", out)
        self.assertNotIn("\x1b", out)

    def test_the_report_is_json(self):
        log = self.write("logs/a.log", "#log\nC:'Ü is full\n".encode("utf-8"))
        code, out, _ = self.run_with("--json", self.write("bundle.json", bundle()), os.path.dirname(log))
        report = json.loads(out)
        self.assertEqual(code, 1)
        self.assertEqual(report["schema"], "fixbook-scan/1")
        self.assertEqual(report["bundle"]["sha256"], hashlib.sha256(bundle()).hexdigest())
        self.assertEqual(report["findings"][0]["fix"], ["Make room.\nClear-Disk 'C:''Ü'"])
        self.assertEqual(report["files"][0]["path"], log)

    def test_what_was_not_looked_into_is_not_called_well(self):
        rules = self.write("bundle.json", bundle())
        well = self.write("well.log", b"#log\nall is well\n")
        self.assertEqual(self.run_with(rules, well), (0, "", ""))
        self.assertEqual(self.run_with(rules)[0], 2)
        self.assertEqual(self.run_with(rules, self.write("x.bin", bytes(range(32)) * 9))[0], 2)
        code, _, err = self.run_with(rules, well, str(self.folder / "gone.log"))
        self.assertEqual(code, 2)
        self.assertIn("gone.log", err)
        newer = self.write("newer.json", bundle(issues=[{"id": "later", "requires": ["sorcery"]}]))
        code, out, _ = self.run_with(newer, well)
        self.assertEqual(code, 2)
        self.assertIn("not looked for: later: it needs `sorcery`", out)

    def test_a_folder_that_is_not_whole_is_refused_by_name(self):
        folder = self.release(bundle())
        log = self.write("a.log", b"#log\nC: is full\n")
        self.assertEqual(self.run_with(folder, log)[0], 1)
        self.assertEqual(self.run_with("--least-serial", "5", folder, log)[0], 1)
        self.refused("old-serial", "--least-serial", "6", folder, log)
        self.refused("bad-key", "--key", log, folder, log)
        self.refused("not-signed", "--key", log, self.write("bundle.json", bundle()), log)
        self.write("bundle/more.json", b"{}")
        self.refused("extra-file", folder, log)
        os.remove(os.path.join(folder, "more.json"))
        self.write("bundle/bundle.json", bundle(version="1.0.1"))
        self.refused("wrong-content", folder, log)
        os.remove(os.path.join(folder, "manifest.json"))
        self.refused("missing-file", folder, log)

    @unittest.skipUnless(hasattr(os, "symlink") and os.name == "posix", "needs links to files")
    def test_a_link_is_no_file_of_a_bundle(self):
        folder = self.release(bundle())
        os.rename(os.path.join(folder, "bundle.json"), self.folder / "elsewhere.json")
        os.symlink(self.folder / "elsewhere.json", os.path.join(folder, "bundle.json"))
        self.refused("wrong-size", folder)

    def refused(self, name, *arguments):
        code, out, err = self.run_with(*arguments)
        self.assertEqual((code, out), (2, ""))
        self.assertIn(f"[{name}]", err)


if __name__ == "__main__":
    unittest.main()
