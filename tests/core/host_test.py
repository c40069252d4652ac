"""The published Python module as people use it: its own example, and a typed error for everything that goes wrong.

    host_test.py BUNDLE-FOLDER
"""

import contextlib
import io
import os
import pathlib
import sys
import tempfile
import textwrap
import unittest

BUNDLE = pathlib.Path(sys.argv.pop(1)).resolve()
WASM = BUNDLE / "engine" / "fixbook.wasm"
RULES = BUNDLE / "bundle.json"
FIXTURES = pathlib.Path(__file__).resolve().parents[1] / "fixtures"
sys.dont_write_bytecode = True
sys.path.insert(0, str(BUNDLE / "engine"))
import fixbook  # noqa: E402
import wasmtime  # noqa: E402


class Published(unittest.TestCase):
    def refused(self, code, does, *given, **named):
        with self.assertRaises(fixbook.FixbookError) as raised:
            does(*given, **named)
        self.assertEqual(raised.exception.code, code, str(raised.exception))
        self.assertTrue(str(raised.exception))

    def test_the_example_of_the_documentation_runs(self):
        example = fixbook.__doc__.partition("\n\n")[2].partition("Invariant:")[0]
        example = textwrap.dedent(example).replace("fixbook.wasm", str(WASM)).replace("../bundle.json", str(RULES))
        log = next(FIXTURES.glob("setup-missing-directory/match-*.log")).read_bytes()
        with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()) as out:
            pathlib.Path(folder, "ExchangeSetup.log").write_bytes(log)
            before = os.getcwd()
            os.chdir(folder)
            try:
                exec(compile(example, "example", "exec"), {})
            finally:
                os.chdir(before)
        self.assertIn("matched", out.getvalue())

    def test_a_published_folder_is_verified_before_it_is_used(self):
        files = {str(path.relative_to(BUNDLE).as_posix()): path.read_bytes() for path in BUNDLE.rglob("*") if path.is_file()}
        self.assertEqual(fixbook.open_folder(WASM, files).scan().report()["findings"], [])
        self.refused("wrong-content", fixbook.open_folder, WASM, {**files, "bundle.json": files["bundle.json"][:-1] + b" "})
        self.refused("old-serial", fixbook.open_folder, WASM, files, least_serial=1)
        self.refused("bad-key", fixbook.open_folder, WASM, files, public_key=b"none")

    def test_a_module_that_is_cut_or_foreign_is_refused(self):
        wasm = WASM.read_bytes()
        for bad in (b"", wasm[:8], wasm[: len(wasm) // 2], b"MZ" + wasm):
            self.refused("foreign-module" if bad == wasm[:8] else "bad-module", fixbook.open, bad, RULES)
        self.refused("foreign-module", fixbook.open, wasmtime.wat2wasm('(module (import "a" "b" (func)))'), RULES)
        newer = '(module (memory (export "memory") 1) (func (export "fixbook_abi") (result i32) i32.const 99))'
        self.refused("newer-abi", fixbook.open, wasmtime.wat2wasm(newer), RULES)

    def test_a_bundle_that_is_cut_or_newer_is_refused(self):
        rules = RULES.read_bytes()
        self.refused("truncated", fixbook.open, WASM, rules[:1000])
        self.refused("newer-format", fixbook.open, WASM, rules.replace(b'"format":"1.', b'"format":"99.', 1))

    def test_a_call_in_the_wrong_order_is_refused_and_the_scan_goes_on(self):
        scan = fixbook.open(WASM, RULES).scan()
        self.refused("bad-order", scan.push, b"x")
        self.refused("bad-order", scan.end)
        scan.file("a.log")
        self.refused("bad-order", scan.report)
        scan.end("the disk is gone")
        self.assertEqual(scan.report()["files"][0]["status"], "failed")
        self.refused("bad-handle", scan.report)

    def test_no_memory_is_an_error_and_no_trap(self):
        engine = fixbook.open(WASM, RULES)
        scan = engine.scan()
        scan.file("a.reg")
        engine._core._store.set_limits(memory_size=24 << 20)
        with self.assertRaises(fixbook.FixbookError) as raised:
            scan.push(b"Windows Registry Editor Version 5.00\n")
            for _ in range(60):
                scan.push(b"\n[HKEY_LOCAL_MACHINE]\n" * 50_000)
            scan.end()
        self.assertIn(raised.exception.code, ("no-memory", "internal"))
        if raised.exception.code == "internal":
            self.refused("internal", engine.scan)


if __name__ == "__main__":
    unittest.main()
