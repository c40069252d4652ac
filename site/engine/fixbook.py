"""The matcher of fixbook (fixbook.wasm) for Python 3.9 or later, on the package `wasmtime` (pip install wasmtime).

    import fixbook

    engine = fixbook.open("fixbook.wasm", "../bundle.json")
    scan = engine.scan()
    scan.file("ExchangeSetup.log")
    with open("ExchangeSetup.log", "rb") as log:
        while block := log.read(1 << 20):
            scan.push(block)
    scan.end()
    for finding in scan.report()["findings"]:
        print(finding["status"], finding["issue"], finding["title"])

Invariant: every fault is a FixbookError with a code: one of the core's, or `bad-module`, `foreign-module`, `newer-abi`,
`internal`. After `internal` the engine answers nothing more. An engine is for one thread.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Mapping, Union

import wasmtime

ABI = 1  # the version of the core's interface that this module speaks
BLOCK = 1 << 20  # bytes that are handed over at once, so that a large file never stands in memory twice
Source = Union[str, Path, bytes]  # a file by its path, or its bytes


class FixbookError(Exception):
    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class _Core:
    def __init__(self, wasm: bytes) -> None:
        try:
            self._store = wasmtime.Store()
            module = wasmtime.Module(self._store.engine, wasm)
            if module.imports or not any(export.name == "fixbook_abi" for export in module.exports):
                raise FixbookError("foreign-module", "this WebAssembly is not the matcher of fixbook")
            self._exports = wasmtime.Instance(self._store, module, []).exports(self._store)
        except wasmtime.WasmtimeError as error:
            raise FixbookError("bad-module", str(error)) from None
        self._fault = ""
        if (found := self._run("fixbook_abi")) != ABI:
            raise FixbookError("newer-abi", f"the matcher speaks interface {found}, this module {ABI}")

    def _run(self, name: str, *given: int) -> int:
        """Calls an export: a trap (no memory, no stack, a fault of ours) reaches nobody as such."""
        if self._fault:
            raise FixbookError("internal", self._fault)
        try:
            return self._exports[name](self._store, *given) & 0xFFFFFFFF
        except (wasmtime.Trap, wasmtime.WasmtimeError) as error:
            self._fault = f"the matcher broke off: {str(error).splitlines()[0]}"
            raise FixbookError("internal", self._fault) from None

    def ask(self, name: str, *given: int | str | bytes) -> int:
        """Calls an export for which 0 is a fault. A text or bytes become an address and a length."""
        lent, numbers = [], []
        try:
            for value in given:
                if isinstance(value, int):
                    numbers.append(value)
                    continue
                data = value.encode("utf-8", "replace") if isinstance(value, str) else value
                if not (at := self._run("fixbook_alloc", len(data))):
                    raise self._why()
                lent.append((at, len(data)))
                self._exports["memory"].write(self._store, data, at)
                numbers += lent[-1]
            result = self._run(name, *numbers)
        finally:
            if not self._fault:
                for area in lent:
                    self._run("fixbook_free", *area)
        if not result:
            raise self._why()
        return result

    def _why(self) -> FixbookError:
        fault = json.loads(self.answer())
        return FixbookError(fault["code"], fault["message"])

    def answer(self) -> str:
        """The text that the last call left."""
        at, length = self._run("fixbook_answer"), self._run("fixbook_answer_len")
        return self._exports["memory"].read(self._store, at, at + length).decode()


class Scan:
    """One scan: files, one after the other (`file`, `push` block by block, `end`), then the report."""

    def __init__(self, core: _Core, matcher: int) -> None:
        self._core, self._handle = core, core.ask("fixbook_scan", matcher)

    def file(self, path: str) -> None:
        self._core.ask("fixbook_file", self._handle, path)

    def push(self, data: bytes) -> bool:
        """The next bytes of that file. False: what follows cannot change the report, and may be left unread."""
        view, result = memoryview(data), 1
        for at in range(0, len(view), BLOCK):
            result = self._core.ask("fixbook_push", self._handle, bytes(view[at : at + BLOCK]))
        return result == 1

    def end(self, fault: str = "") -> None:
        """Ends the file. `fault`: why no more of it can be read."""
        self._core.ask("fixbook_end", self._handle, fault)

    def json(self) -> str:
        """Decides: the document that `fixbook scan --format json` prints. The scan is over then."""
        self._core.ask("fixbook_report", self._handle)
        return self._core.answer()

    def report(self) -> dict[str, Any]:
        return json.loads(self.json())


class Engine:

    def __init__(self, core: _Core, matcher: int) -> None:
        self._core, self._matcher = core, matcher

    def scan(self) -> Scan:
        return Scan(self._core, self._matcher)


def _bytes(source: Source) -> bytes:
    return Path(source).read_bytes() if isinstance(source, (str, Path)) else bytes(source)


def open(wasm: Source, bundle: Source) -> Engine:
    """The matcher with the rules of a bundle.json."""
    core = _Core(_bytes(wasm))
    return Engine(core, core.ask("fixbook_load", _bytes(bundle)))


def open_folder(wasm: Source, files: Mapping[str, bytes], public_key: bytes = b"", least_serial: int = 0) -> Engine:
    """The same with a published folder, its files by their paths, once its manifest, hashes and, given a key, signature hold."""
    core = _Core(_bytes(wasm))
    folder = core.ask("fixbook_folder")
    for path, data in files.items():
        core.ask("fixbook_folder_file", folder, path, data)
    return Engine(core, core.ask("fixbook_folder_open", folder, public_key, str(least_serial)))
