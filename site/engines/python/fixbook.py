"""The rules engine of fixbook in one module of Python: a bundle of rules in, logs in, a report out.

It needs Python 3.9 or later and nothing else, reads only what it is given, writes nothing and opens no connection.
On the command line, with the folder of a bundle (`bundle/v1/` of a site) or a `bundle.json`:

    python3 fixbook.py bundle/v1 ExchangeSetup.log               what is wrong, and what to do first
    python3 fixbook.py --json bundle/v1 logs/ > report.json      the whole report, described by report.schema.json
    python3 fixbook.py --key pub.pem --least-serial 7 bundle/v1 ExchangeSetup.log      a bundle that must be signed

The exit code is 0 when nothing was found, 1 when something was, 2 when not all could be looked into. In a program:

    rules = fixbook.load(pathlib.Path("bundle.json").read_bytes())      # or fixbook.verify("bundle/v1", key).rules
    report = fixbook.scan(rules, [("ExchangeSetup.log", log_bytes)])
    for finding in report["findings"]: print(finding["summary"], *finding["fix"], sep="\\n")

A bundle that came over a network is to be verified: `verify` and `load` raise `Fault`, whose `code` says why. Text in a
report comes from logs, which others may have written: escape it for wherever you put it.

Invariant: the report is the document of `fixbook scan --format json` with the same bundle, field for field. The parts
below have the names and numbers of the sections of the specification, `bundle.md`, which says what it all means. Files
are held in memory, and unlike the program this engine does not cut a record that is longer than 4 MiB.
"""

from __future__ import annotations

import argparse
import base64
import binascii
import bisect
import codecs
import functools
import hashlib
import io
import json
import os
import re
import sys
from typing import Any, Callable, Iterable, Iterator, Mapping, NamedTuple, Sequence

FORMAT = (1, 0)
REPORT_SCHEMA = "fixbook-scan/1"

MANIFEST = "manifest.json"
SIGNATURE = "manifest.json.sig"
RULES = "bundle.json"


class Fault(Exception):
    """Why a bundle is refused: `code` is one of section 1.2, the text is for people."""

    def __init__(self, code: str, message: str):
        super().__init__(message)
        self.code = code


# ---- 2. The JSON, read so that every reader reads the same ----------------------------------------------------------

MAX_BYTES = 64 << 20
MAX_VALUES = 4_000_000
MAX_DEPTH = 32

_TOKEN = re.compile(
    r'[ \t\n\r]*(?:([\[\]{},:])|"([^"\\\x00-\x1f]*(?:\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4})[^"\\\x00-\x1f]*)*)"'
    r"|(-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?)|(true|false|null)|\Z)"
)
_ESCAPE = re.compile(r'\\(?:u([Dd][89ABab][0-9A-Fa-f]{2})\\u([Dd][C-Fc-f][0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|(.))')
_WORDS = {"true": True, "false": False, "null": None}
_SHORT = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}


class _Json:
    """A parser that refuses what two others could take for different documents; the first fault in the text counts."""

    def __init__(self, text: str):
        self.text = text
        self.at = 0
        self.values = 0

    def token(self) -> tuple[str, Any]:
        """Kind and value of the next token. Kinds: the punctuation itself, `string`, `scalar`, `end`."""
        found = _TOKEN.match(self.text, self.at)
        if found is None:
            raise Fault("truncated", f"the bundle is not complete JSON: character {self.at}")
        self.at = found.end()
        mark, string, number, word = found.groups()
        if mark is not None:
            return mark, mark
        if string is not None:
            return "string", string if "\\" not in string else _ESCAPE.sub(self.unescape, string)
        if number is not None:
            return "scalar", self.number(number)
        return ("scalar", _WORDS[word]) if word is not None else ("end", None)

    def unescape(self, found: re.Match[str]) -> str:
        high, low, code, char = found.groups()
        if high is not None:
            return chr(0x10000 + ((int(high, 16) & 0x3FF) << 10) + (int(low, 16) & 0x3FF))
        if code is None:
            return _SHORT.get(char, char)
        if 0xD800 <= int(code, 16) <= 0xDFFF:
            raise Fault("truncated", "half of a surrogate pair stands alone")
        return chr(int(code, 16))

    def number(self, text: str) -> int | float:
        if re.fullmatch("-?[1-9][0-9]{0,18}|0", text):
            return int(text)
        value = float(text)
        if value in (float("inf"), float("-inf")):
            raise Fault("truncated", "a number does not fit")
        return value

    def value(self, depth: int, kind: str, value: Any) -> Any:
        """The value that begins with this token."""
        self.values += 1
        if self.values > MAX_VALUES:
            raise Fault("too-many-values", f"the bundle has more than {MAX_VALUES} values")
        if kind in ("string", "scalar"):
            return value
        if kind not in ("[", "{"):
            raise Fault("truncated", f"the bundle is not complete JSON: `{kind}` stands for a value")
        if depth == MAX_DEPTH:
            raise Fault("too-deep", f"the bundle is nested more than {MAX_DEPTH} deep")
        return self.object(depth + 1) if kind == "{" else self.array(depth + 1)

    def array(self, depth: int) -> list[Any]:
        out: list[Any] = []
        kind, value = self.token()
        while kind != "]" or out:
            out.append(self.value(depth, kind, value))
            if self.separator("]"):
                break
            kind, value = self.token()
        return out

    def object(self, depth: int) -> dict[str, Any]:
        out: dict[str, Any] = {}
        kind, key = self.token()
        while kind != "}" or out:
            if kind != "string":
                raise Fault("truncated", "the bundle is not complete JSON: a key is missing")
            if key in out:
                raise Fault("duplicate-key", f"an object of the bundle has the key `{key}` twice")
            if self.token()[0] != ":":
                raise Fault("truncated", f"the bundle is not complete JSON: no `:` after `{key}`")
            out[key] = self.value(depth, *self.token())
            if self.separator("}"):
                break
            kind, key = self.token()
        return out

    def separator(self, close: str) -> bool:
        """Whether the container ends here; else a comma stands here."""
        kind = self.token()[0]
        if kind not in (",", close):
            raise Fault("truncated", f"the bundle is not complete JSON: neither `,` nor `{close}`")
        return kind == close


def parse_json(data: bytes) -> Any:
    """The document in these bytes, read strictly. Numbers that are not whole, or do not fit, are `float`."""
    if len(data) > MAX_BYTES:
        raise Fault("too-large", f"the bundle has {len(data)} bytes; more than {MAX_BYTES} are refused")
    try:
        reader = _Json(data.decode("utf-8"))
    except UnicodeDecodeError as fault:
        raise Fault("truncated", f"the bundle is not UTF-8: {fault}") from None
    value = reader.value(0, *reader.token())
    if reader.token()[0] != "end":
        raise Fault("truncated", "something follows the document")
    return value


# ---- 3. The fields --------------------------------------------------------------------------------------------------
#
# A shape is a function of a value, of its path and of whether the format is known completely; it raises `_Misshapen`.
# Optional fields hold their default, which known formats do not write.


class _Misshapen(Exception):
    """A part that is not as section 3 says; the text begins with its path."""


Shape = Callable[[Any, str, bool], None]
_REQUIRED = object()
_ABSENT = object()


def _typed(kind: type, name: str) -> Shape:
    def check(value: Any, at: str, known: bool) -> None:
        if type(value) is not kind:
            raise _Misshapen(f"{at} is not {name}")

    return check


_text = _typed(str, "a string")
_flag = _typed(bool, "true or false")


def _whole(bits: int) -> Shape:
    def check(value: Any, at: str, known: bool) -> None:
        if type(value) is not int or not 0 <= value < 1 << bits:
            raise _Misshapen(f"{at} is not a whole number below 2^{bits}")

    return check


_count = _whole(53)


def _word(*words: str) -> Shape:
    def check(value: Any, at: str, known: bool) -> None:
        if not isinstance(value, str) or value not in words:
            raise _Misshapen(f"{at} is not one of {', '.join(words)}")

    return check


def _list(shape: Shape) -> Shape:
    def check(value: Any, at: str, known: bool) -> None:
        if not isinstance(value, list):
            raise _Misshapen(f"{at} is not a list")
        for index, item in enumerate(value):
            shape(item, f"{at}[{index}]", known)

    return check


def _map(value: Any, at: str, known: bool) -> None:
    if not isinstance(value, dict):
        raise _Misshapen(f"{at} is not an object")
    for key, item in value.items():
        _text(item, f"{at}.{key}", known)


def _object(**fields: Any) -> Shape:
    """An object with these fields: a shape when it must be there, shape and default when it need not."""
    named = {name: field if isinstance(field, tuple) else (field, _REQUIRED) for name, field in fields.items()}

    def check(value: Any, at: str, known: bool) -> None:
        if not isinstance(value, dict):
            raise _Misshapen(f"{at} is not an object")
        for name, (shape, default) in named.items():
            if name in value:
                shape(value[name], f"{at}.{name}", known)
                if known and default is not _REQUIRED and value[name] == default:
                    raise _Misshapen(f"{at}.{name} is one that should be left out")
            elif default is _REQUIRED:
                raise _Misshapen(f"{at}.{name} is missing")
        extra = sorted(value.keys() - named.keys()) if known else []
        if extra:
            raise _Misshapen(f"{at}.{extra[0]} is a field that format 1.0 does not have")

    return check


def _one_of(**kinds: Shape) -> Shape:
    """An object with one key, which says what its value is."""

    def check(value: Any, at: str, known: bool) -> None:
        kind = next(iter(value)) if isinstance(value, dict) and len(value) == 1 else None
        if kind not in kinds:
            raise _Misshapen(f"{at} is none of {', '.join(kinds)}")
        kinds[kind](value[kind], f"{at}.{kind}", known)

    return check


def _pattern(value: Any, at: str, known: bool) -> None:
    _PATTERN_FIELDS(value, at, known)
    if not is_lowered(value["source"], value["regex"], tuple(value.get("groups", ()))):
        raise _Misshapen(f"{at} is not the lowered form of its source")


def _node(value: Any, at: str, known: bool) -> None:
    _NODE(value, at, known)


_texts: tuple[Shape, Any] = (_list(_text), [])
_PATTERN_FIELDS = _object(source=_text, regex=_text, groups=_texts)
_TEST = _one_of(
    any_of=_list(_text), contains_all=_list(_text), contains_any=_list(_text), starts_with=_list(_text),
    ends_with=_list(_text), regex=_pattern, exists=_flag, gte=_text, lte=_text,
)
_TESTS = _list(_object(field=_text, test=_TEST, case_sensitive=(_flag, False)))
_CLAUSE = _object(
    source=_text, where=(_TESTS, []), take=(_word("first", "last", "all"), _ABSENT), expect=(_TESTS, []),
    count=(_object(gte=(_count, _ABSENT), lte=(_count, _ABSENT)), _ABSENT), literals=_texts,
)
_COMPARE = _object(left=_text, op=_word("eq", "ne", "lt", "lte", "gt", "gte"), right=_text)
_GROUP = _object(
    members=_list(_node), same=(_word("record", "block", "run", "key"), _ABSENT),
    within=(_object(seconds=(_count, _ABSENT), records=(_count, _ABSENT)), _ABSENT), compare=(_list(_COMPARE), []),
)
_NODE = _one_of(clause=_CLAUSE, all=_GROUP, any=_GROUP, none=_GROUP, sequence=_GROUP)
_DETECTION = _object(
    run=(_word("last", "every"), "last"), outcome=(_word("not-success", "any", "success"), "not-success"), rule=_node
)

_TEMPLATE = _list(_one_of(text=_text, capture=_object(name=_text, filter=(_word("text", "ps"), "text"))))
_BLOCKS = _list(
    _one_of(
        step=_object(number=_whole(32), text=_TEMPLATE), text=_TEMPLATE, item=_TEMPLATE, caution=_TEMPLATE,
        command=_object(shell=_text, text=_TEMPLATE), output=_text,
    )
)
_ISSUE = _object(
    id=_text, aliases=_texts, requires=_texts, kind=_word("issue", "guide"), title=_text, category=_text,
    severity=_word("critical", "high", "medium", "low", "info"), confidence=_word("high", "medium", "low"),
    status=_word("stable", "draft", "deprecated"), risk=_word("low", "medium", "high"), applies_to=_list(_text),
    summary=_TEMPLATE, detection=(_DETECTION, _ABSENT), supersedes=_texts, fix=_BLOCKS, verify=_BLOCKS,
    rollback=(_BLOCKS, []), references=_list(_object(title=_text, url=_text)), url=_text,
)

_CONDITIONS = _list(_object(where=_TESTS, literals=_texts))
_DERIVE = _list(_object(field=_text, regex=_pattern))
_RUNS = _object(
    starts=_CONDITIONS, ends=(_CONDITIONS, []), success=(_CONDITIONS, []), failure=(_CONDITIONS, []),
    facts=(_list(_object(field=_text, regex=_pattern, literals=_texts)), []), short=(_count, 0),
)
_SOURCE = _object(
    id=_text, requires=_texts, title=_text, collect=_text,
    format=_word("records", "lines", "paragraphs", "windows-event", "registry", "xml", "service-list"), files=_texts,
    content=(_list(_pattern), []), headers=(_list(_pattern), []), pasted_headers=(_list(_pattern), []),
    split=(_list(_object(field=_text, starts_with=_text, at=_text, before=_text, after=_text)), []),
    derive=(_DERIVE, []), runs=(_RUNS, _ABSENT), pasted=(_map, _ABSENT),
    blocks=(_object(opens=_CONDITIONS, closes=_CONDITIONS, dismisses=(_CONDITIONS, []), gives=(_DERIVE, [])), _ABSENT),
)
_NAMED = _list(_object(id=_text, title=_text))
_HEAD = _object(schema=_text, format=_text, name=_text, version=_text, products=_NAMED, shells=_NAMED)
_MANIFEST = _object(
    schema=_text, format=_text, name=_text, version=_text, serial=(_count, _ABSENT), commit=(_text, _ABSENT),
    files=_list(_object(path=_text, size=_count, sha256=_text)),
)


# ---- 2.1 Versions ---------------------------------------------------------------------------------------------------


class Rules:
    """The rules of a bundle that was read and checked, ready to be asked by `scan`."""

    def __init__(self, document: dict[str, Any], sha256: str):
        self.name: str = document["name"]
        self.version: str = document["version"]
        self.format: str = document["format"]
        self.sha256 = sha256
        self.sources: list[dict[str, Any]] = []
        self.issues: list[dict[str, Any]] = []
        #: Id and reason of every issue that was left out.
        self.skipped: list[dict[str, str]] = []

    @functools.cached_property
    def matcher(self) -> Matcher:
        return Matcher(self)


def load(data: bytes) -> Rules:
    """Reads `bundle.json` by sections 2 and 3. Raises `Fault`."""
    document = parse_json(data)
    known = _is_known(document, "fixbook-bundle", "not-a-bundle")
    _shaped(_HEAD, {key: document[key] for key in document.keys() - {"sources", "issues"}}, "bundle", known)
    rules = Rules(document, hashlib.sha256(data).hexdigest())
    ids: set[str] = set()
    unreadable: set[str] = set()
    for at, source in _parts(document, "sources"):
        if source["id"] in ids:
            raise Fault("invalid", f"the source `{source['id']}` stands twice")
        ids.add(source["id"])
        if _left_out(_SOURCE, source, at, known) is None:
            rules.sources.append(source)
        else:
            unreadable.add(source["id"])
    names: set[str] = set()
    for at, issue in _parts(document, "issues"):
        aliases = issue.get("aliases")
        for name in [*(aliases if isinstance(aliases, list) else ()), issue["id"]]:
            if not isinstance(name, str):
                continue
            if name in names:
                raise Fault("invalid", f"the id `{name}` stands twice")
            names.add(name)
        why = _left_out(_ISSUE, issue, at, known)
        asked = [clause["source"] for clause in _clauses_of(issue)] if why is None else []
        for source in asked:
            if source not in ids:
                raise Fault("invalid", f"`{issue['id']}` asks the source `{source}`, which is not there")
        for source in asked:
            if source in unreadable:
                why = why or f"it asks the source `{source}`, which is written in a newer format"
        if why is None:
            rules.issues.append(issue)
        else:
            rules.skipped.append({"id": issue["id"], "why": why})
    return rules


def _is_known(document: Any, schema: str, code: str) -> bool:
    """Whether the format is one that this engine knows completely; `False` for a newer minor one."""
    if not isinstance(document, dict) or document.get("schema") != schema:
        raise Fault(code, f"its schema is not `{schema}`")
    form = document.get("format")
    found = re.fullmatch(r"(0|[1-9][0-9]{0,8})\.(0|[1-9][0-9]{0,8})", form) if isinstance(form, str) else None
    major, minor = (int(found[1]), int(found[2])) if found else (0, 0)
    if major > FORMAT[0]:
        raise Fault("newer-format", f"the bundle has format {form}; this engine reads {FORMAT[0]}.{FORMAT[1]}")
    if major < FORMAT[0]:
        raise Fault(code, f"its format is `{form}`")
    return minor <= FORMAT[1]


def _shaped(shape: Shape, value: Any, at: str, known: bool) -> None:
    try:
        shape(value, at, known)
    except _Misshapen as fault:
        raise Fault("invalid", f"the bundle is not valid: {fault}") from None


def _parts(document: dict[str, Any], key: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Path and value of each source or issue; each has an id."""
    if not isinstance(document.get(key), list):
        raise Fault("invalid", f"`{key}` is not a list")
    for index, part in enumerate(document[key]):
        at = f"{key}[{index}]"
        if not isinstance(part, dict) or not isinstance(part.get("id"), str):
            raise Fault("invalid", f"{at} has no `id`")
        yield at, part


def _left_out(shape: Shape, part: dict[str, Any], at: str, known: bool) -> str | None:
    """Why a source or an issue has to be left out. In a format that is known completely that is a `Fault`."""
    _shaped(_list(_text), part.get("requires", []), f"{at}.requires", known)
    for feature in part.get("requires", []):
        return f"it needs `{feature}`"
    try:
        shape(part, at, known)
    except _Misshapen as fault:
        if known:
            raise Fault("invalid", f"the bundle is not valid: {fault}") from None
        return "it is written in a newer format"
    return None


def _clauses_of(issue: dict[str, Any]) -> list[dict[str, Any]]:
    """The clauses of an issue in the order of the page."""
    return Condition(issue["detection"]["rule"], 0).bodies() if "detection" in issue else []


# ---- 1.2 Verification -----------------------------------------------------------------------------------------------

MAX_MANIFEST = 256 << 10
_DEVICE = r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$)"
_NAME = re.compile(rf"(?!{_DEVICE})[a-z0-9][a-z0-9._-]{{0,63}}(?<!\.)", re.ASCII | re.IGNORECASE)
#: In DER: the algorithm `rsaEncryption` with its empty parameters, and what stands before a SHA-256 in a signature.
_RSA = bytes.fromhex("06092a864886f70d0101010500")
_SHA256 = bytes.fromhex("3031300d060960864801650304020105000420")


class Release(NamedTuple):
    """What passed `verify`."""

    manifest: dict[str, Any]
    rules: Rules


def read_folder(folder: str | os.PathLike[str]) -> dict[str, bytes]:
    """Every file below a folder by its path with `/`, within the bounds. What is no file stands there empty."""
    out: dict[str, bytes] = {}

    def walk(where: str, within: str) -> None:
        for entry in os.scandir(where):
            path = within + entry.name
            if entry.is_dir(follow_symlinks=False):
                walk(entry.path, path + "/")
            elif entry.is_file(follow_symlinks=False):
                most = MAX_MANIFEST if path == MANIFEST else MAX_BYTES
                with open(entry.path, "rb") as file:
                    out[path] = file.read(most + 1)
                if len(out[path]) > most:
                    raise Fault("too-large", f"`{path}` has more than {most} bytes")
            else:
                out[path] = b""

    walk(os.fspath(folder), "")
    return out


def verify(
    folder: str | os.PathLike[str] | Mapping[str, bytes],
    public_key: bytes | None = None,
    least_serial: int | None = None,
) -> Release:
    """
    Holds a bundle's folder (a path, or bytes by path) against manifest and signature. Raises `Fault`.

    `public_key`: SubjectPublicKeyInfo in PEM or DER, known by another way than the bundle; without it nobody knows who
    made the bundle. `least_serial`: serial of the release that was accepted last.
    """
    key = None if public_key is None else _public_key(public_key)
    files = folder if isinstance(folder, Mapping) else read_folder(folder)
    if MANIFEST not in files:
        raise Fault("missing-file", f"`{MANIFEST}` is missing")
    if key is not None and SIGNATURE not in files:
        raise Fault("not-signed", "there is no signature")
    if len(files[MANIFEST]) > MAX_MANIFEST:
        raise Fault("too-large", f"the manifest has more than {MAX_MANIFEST} bytes")
    if key is not None and not _is_signed(files[MANIFEST], files[SIGNATURE], *key):
        raise Fault("wrong-signature", "the signature is not that of this manifest and this key")
    manifest = _manifest(files[MANIFEST])
    if least_serial is not None and manifest.get("serial", -1) < least_serial:
        raise Fault("old-serial", f"the serial is {manifest.get('serial')}; less than {least_serial} is refused")
    _same_names(manifest, files)
    for meant in manifest["files"]:
        path = meant["path"]
        if path not in files:
            raise Fault("missing-file", f"`{path}` is missing")
        if len(files[path]) != meant["size"]:
            raise Fault("wrong-size", f"`{path}` has another size than the manifest says")
        if hashlib.sha256(files[path]).hexdigest() != meant["sha256"]:
            raise Fault("wrong-content", f"`{path}` has another hash than the manifest says")
    if all(meant["path"] != RULES for meant in manifest["files"]):
        raise Fault("missing-file", f"`{RULES}` is missing")
    rules = load(files[RULES])
    for what in ("name", "version", "format"):
        if manifest[what] != getattr(rules, what):
            raise Fault("mixed", f"manifest and rules are of different releases: their {what} differs")
    return Release(manifest, rules)


def _manifest(data: bytes) -> dict[str, Any]:
    document: dict[str, Any] = parse_json(data)
    known = _is_known(document, "fixbook-manifest", "not-a-manifest")
    try:
        _MANIFEST(document, "manifest", known)
    except _Misshapen as fault:
        raise Fault("not-a-manifest", str(fault)) from None
    return document


def _same_names(manifest: dict[str, Any], files: Mapping[str, bytes]) -> None:
    """Paths that mean the same file on every system, and no file that the manifest does not name."""
    named: set[str] = set()
    for path in (meant["path"] for meant in manifest["files"]):
        names = path.split("/")
        is_safe = len(names) <= 3 and all(_NAME.fullmatch(name) for name in names)
        if not is_safe or path.lower() in named or path.lower() in (MANIFEST, SIGNATURE):
            raise Fault("bad-path", f"the manifest names `{path}`, which is no safe name or not the first")
        named.add(path.lower())
    exact = {meant["path"] for meant in manifest["files"]} | {MANIFEST, SIGNATURE}
    for path in sorted(files):
        if path not in exact and ascii_lower(path) in named:
            raise Fault("misnamed-file", f"the manifest writes the name of `{path}` in other capitals")
        if path not in exact:
            raise Fault("extra-file", f"the manifest does not name `{path}`")


def _is_signed(data: bytes, signature: bytes, modulus: int, exponent: int) -> bool:
    """RSASSA-PKCS1-v1_5 with SHA-256 and 3072 bits; nothing here is secret, so plain integers do."""
    value = int.from_bytes(signature, "big")
    if len(signature) != 384 or modulus.bit_length() != 3072 or value >= modulus:
        return False
    digest = _SHA256 + hashlib.sha256(data).digest()
    padded = b"\x00\x01" + b"\xff" * (384 - 3 - len(digest)) + b"\x00" + digest
    return pow(value, exponent, modulus) == int.from_bytes(padded, "big")


def _public_key(data: bytes) -> tuple[int, int]:
    """Modulus and exponent of an RSA key as SubjectPublicKeyInfo, in PEM or in DER."""
    bad = Fault("bad-key", "the public key is no SubjectPublicKeyInfo of an RSA key, in PEM or in DER")
    if b"-----BEGIN" in data:
        pem = re.fullmatch(rb"\s*-----BEGIN PUBLIC KEY-----\s(.*)\s-----END PUBLIC KEY-----\s*", data, re.DOTALL)
        try:
            data = base64.b64decode(b"".join(pem[1].split()), validate=True) if pem else b""
        except binascii.Error:
            raise bad from None
    try:
        (info,) = _der(data, (0x30,))
        algorithm, bits = _der(info, (0x30, 0x03))
        (key,) = _der(bits[1:] if bits[0] == 0 else b"", (0x30,))
        modulus, exponent = (int.from_bytes(number, "big", signed=True) for number in _der(key, (0x02, 0x02)))
    except (ValueError, IndexError):
        raise bad from None
    if algorithm != _RSA or modulus <= 0 or not 3 <= exponent < 1 << 33:
        raise bad
    return modulus, exponent


def _der(data: bytes, tags: Sequence[int]) -> list[bytes]:
    """The contents of elements with these tags, which are all that there is."""
    out = []
    for tag in tags:
        length, at = data[1], 2
        if length >= 0x80:
            at += length & 0x7F
            length = int.from_bytes(data[2:at], "big")
        if data[0] != tag or len(data) < at + length:
            raise ValueError("not this element of DER")
        out.append(data[at : at + length])
        data = data[at + length :]
    if data:
        raise ValueError("something follows")
    return out


# ---- 10. Patterns ---------------------------------------------------------------------------------------------------

MAX_PATTERN = 1000
MAX_WEIGHT = 5000
MAX_REPEAT = 1000
_GROUP_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}>")
_REPEAT = re.compile(r"[*+?]|\{([0-9]{1,5})(?:(,)([0-9]{1,5})?)?\}")
_PUNCTUATION = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")
_SHORTHAND = {"d": [(48, 57)], "w": [(48, 57), (65, 90), (95, 95), (97, 122)], "s": [(9, 13), (32, 32)]}
_SPELLED = {"\n": r"\n", "\t": r"\t", "\\": r"[\\]", **{c: "\\" + c for c in "^$.*+?()[]{}|"}}
_SPELLED_IN_CLASS = {
    "\n": r"\n", "\t": r"\t", "\x0b": r"\x0b", "\x0c": r"\x0c", "\r": r"\r", **{c: "\\" + c for c in "[]\\^-"},
}


class Pattern:
    """A pattern of the bundle, compiled when it is first asked."""

    def __init__(self, pattern: dict[str, Any]):
        self.regex: str = pattern["regex"]
        #: Names of the groups 1, 2, …
        self.groups: list[str] = pattern.get("groups", [])

    @functools.cached_property
    def search(self) -> Callable[[str], re.Match[str] | None]:
        return re.compile(self.regex.replace("(?:$)", r"\Z"), re.ASCII).search

    def captures(self, text: str) -> list[tuple[str, str]] | None:
        """Name and value of the groups that are set; `None` when the pattern is not found."""
        found = self.search(text)
        if found is None:
            return None
        return [(name, value) for name, value in zip(self.groups, found.groups()) if value is not None]


class _Refused(Exception):
    """A pattern that is outside of the grammar."""


class _Lowering:
    """A pattern's `source` read by the grammar and written anew as `regex`."""

    def __init__(self, source: str, case_sensitive: bool):
        self.source = source
        self.case_sensitive = case_sensitive
        self.at = 0
        self.depth = 0
        self.groups: list[str] = []
        #: Whether what was read last may match nothing.
        self.is_empty = False

    def whole(self) -> str:
        """The lowered form."""
        regex, weight = self.pattern() if len(self.source) <= MAX_PATTERN else ("", MAX_WEIGHT + 1)
        if weight > MAX_WEIGHT or self.at < len(self.source):
            raise _Refused
        return regex

    def peek(self) -> str:
        return self.source[self.at : self.at + 1]

    def eat(self, text: str) -> bool:
        found = self.source.startswith(text, self.at)
        self.at += len(text) * found
        return found

    def take(self) -> str:
        char = self.peek()
        if char == "":
            raise _Refused
        self.at += 1
        return char

    def pattern(self) -> tuple[str, int]:
        """Lowered branches and their weight: the parts, repetitions written out."""
        self.depth += 1
        if self.depth > 32:
            raise _Refused
        branches = [self.branch()]
        is_empty = self.is_empty
        while self.eat("|"):
            branches.append(self.branch())
            is_empty |= self.is_empty
        self.is_empty = is_empty
        self.depth -= 1
        return "|".join(regex for regex, _ in branches), sum(weight for _, weight in branches)

    def branch(self) -> tuple[str, int]:
        parts = [("^", 1)] if self.eat("^") else []
        is_empty = True
        while self.peek() not in ("", "|", ")"):
            if not self.eat("$"):
                parts.append(self.repeat())
                is_empty &= self.is_empty
            elif self.peek() in ("", "|", ")"):
                parts.append(("(?:$)", 1))
            else:
                raise _Refused
        if not parts:
            raise _Refused
        self.is_empty = is_empty
        return "".join(regex for regex, _ in parts), sum(weight for _, weight in parts)

    def repeat(self) -> tuple[str, int]:
        captured = len(self.groups)
        regex, weight = self.atom()
        mark = _REPEAT.match(self.source, self.at)
        if mark is None:
            if self.peek() == "{":
                raise _Refused
            return regex, weight
        self.at = mark.end()
        least, most = _bounds(mark)
        lazy = "?" if self.eat("?") else ""
        if self.peek() and self.peek() in "*+?{" or self.is_empty:
            raise _Refused
        if len(self.groups) > captured and most != 1:
            raise _Refused
        self.is_empty = least == 0
        weight *= max(most if most is not None else least, 1)
        return regex + _spelled_bounds(least, most) + lazy, weight

    def atom(self) -> tuple[str, int]:
        char = self.take()
        if char == "(":
            return self.group()
        self.is_empty = char == "\\" and self.peek() == "b"
        if char == "[":
            return self.klass(), 1
        if char == "\\":
            return self.escape(), 1
        if char == ".":
            return r"[^\n]", 1
        if char in "*+?{}]^$" or (is_control(char) and char not in "\n\t"):
            raise _Refused
        return self.char(char), 1

    def group(self) -> tuple[str, int]:
        opens = "(?:"
        if self.eat("?<"):
            name = _GROUP_NAME.match(self.source, self.at)
            if name is None or name[0][:-1] in self.groups:
                raise _Refused
            self.at = name.end()
            self.groups.append(name[0][:-1])
            opens = "("
        elif not self.eat("?:"):
            raise _Refused
        regex, weight = self.pattern()
        if not self.eat(")"):
            raise _Refused
        return f"{opens}{regex})", weight

    def escape(self) -> str:
        char = self.take()
        if char in _PUNCTUATION:
            return self.char(char)
        if char in "nt":
            return "\\" + char
        if char == "b":
            return r"\b"
        if char not in "dwsDWS":
            raise _Refused
        return self.spelled_class(_SHORTHAND[char.lower()], char.isupper())

    def char(self, char: str) -> str:
        if char.isascii() and char.isalpha() and not self.case_sensitive:
            return f"[{char.upper()}{char.lower()}]"
        return _SPELLED.get(char, char)

    def klass(self) -> str:
        negated = self.eat("^")
        ranges: list[tuple[int, int]] = []
        while not self.eat("]"):
            member = self.member()
            if isinstance(member, list):
                ranges += member
                continue
            is_range = self.peek() == "-" and not self.source.startswith("-]", self.at)
            self.at += is_range
            last = self.member() if is_range else member
            if isinstance(last, list) or last < member:
                raise _Refused
            ranges.append((member, last))
        if not ranges:
            raise _Refused
        return self.spelled_class(ranges, negated)

    def member(self) -> int | list[tuple[int, int]]:
        """One character of a class, or the ranges of a shorthand."""
        char = self.take()
        if char == "\\":
            char = self.take()
            if char in "dws":
                return _SHORTHAND[char]
            if char not in _PUNCTUATION and char not in "nt":
                raise _Refused
            char = {"n": "\n", "t": "\t"}.get(char, char)
        elif char in "[^-" or not char.isascii() or is_control(char) or (char in "&~" and self.peek() == char):
            raise _Refused
        return ord(char)

    def spelled_class(self, ranges: list[tuple[int, int]], negated: bool) -> str:
        """Members of either case, merged and sorted."""
        if not self.case_sensitive:
            upper = [(max(first, 97) - 32, min(last, 122) - 32) for first, last in ranges]
            lower = [(max(first, 65) + 32, min(last, 90) + 32) for first, last in ranges]
            ranges = ranges + [(first, last) for first, last in upper + lower if first <= last]
        merged: list[tuple[int, int]] = []
        for first, last in sorted(ranges):
            if merged and first <= merged[-1][1] + 1:
                merged[-1] = (merged[-1][0], max(merged[-1][1], last))
            else:
                merged.append((first, last))
        out = "[^" if negated else "["
        for first, last in merged:
            ends = [_SPELLED_IN_CLASS.get(chr(code), chr(code)) for code in (first, last)]
            out += ends[0] if first == last else ("-" if last > first + 1 else "").join(ends)
        return out + "]"


def _bounds(mark: re.Match[str]) -> tuple[int, int | None]:
    if mark[0] in "*+?":
        return (1 if mark[0] == "+" else 0), (1 if mark[0] == "?" else None)
    least = int(mark[1])
    most = int(mark[3]) if mark[3] else None if mark[2] else least
    if least > MAX_REPEAT or (most is not None and not max(least, 1) <= most <= MAX_REPEAT):
        raise _Refused
    return least, most


def _spelled_bounds(least: int, most: int | None) -> str:
    short = {(0, None): "*", (1, None): "+", (0, 1): "?"}.get((least, most))
    if short is not None or least == most:
        return short or f"{{{least}}}"
    return f"{{{least},{'' if most is None else most}}}"


@functools.lru_cache(maxsize=None)
def is_lowered(source: str, regex: str, groups: tuple[str, ...]) -> bool:
    """Whether a pattern is the lowered form of its source, in one of the two cases; anything else was altered."""
    for case_sensitive in (False, True):
        lowering = _Lowering(source, case_sensitive)
        try:
            if lowering.whole() == regex and tuple(lowering.groups) == groups:
                return True
        except _Refused:
            return False
    return False


# ---- 4. From bytes to text ------------------------------------------------------------------------------------------

#: Unicode `White_Space`; Python's own blanks have U+001C to U+001F besides.
BLANKS = "\t\n\x0b\x0c\r \x85\xa0\u1680" + "".join(map(chr, range(0x2000, 0x200B))) + "\u2028\u2029\u202f\u205f\u3000"
_NOT_BLANK = re.compile(f"[^{BLANKS}]+")
HEAD = 1024
RECOGNISE_HEAD = 64 << 10

_PLAIN = {
    **dict.fromkeys("\xa0\u2007\u202f", " "),
    **dict.fromkeys("\u2018\u2019\u201a\u201b", "'"),
    **dict.fromkeys("\u201c\u201d\u201e\u201f", '"'),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015", "-"),
    **dict.fromkeys("\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069", ""),
}
_CHANGED = re.compile(f"[{''.join(_PLAIN)}]")
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16le"), (codecs.BOM_UTF16_BE, "utf-16be"))

#: What a malformed sequence is until it was counted: no decoder gives it for anything else.
_MALFORMED = "\udfff"


def _malformed(error: Any) -> tuple[str, int]:
    return _MALFORMED, error.end


def _c1(error: Any) -> tuple[str, int]:
    """The five bytes that Windows-1252 does not define are C1 controls in the WHATWG Encoding Standard."""
    return chr(error.object[error.start]), error.start + 1


codecs.register_error("fixbook.malformed", _malformed)
codecs.register_error("fixbook.c1", _c1)


def ascii_lower(text: str) -> str:
    """ASCII letters in lower case, all else as it is. The places of characters stay."""
    return text.lower() if text.isascii() else text.encode("utf-8").lower().decode("utf-8")


def is_control(char: str) -> bool:
    return char < " " or "\x7f" <= char <= "\x9f"


def words(text: str) -> list[str]:
    return _NOT_BLANK.findall(text)


def is_blank(text: str) -> bool:
    return not text.strip(BLANKS)


def head(text: str, most: int) -> str:
    """The first so many bytes of UTF-8, fewer when the cut would fall into a character."""
    return text[:most].encode("utf-8")[:most].decode("utf-8", "ignore")


def utf8_length(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-8"))


class Decoded(NamedTuple):
    text: str
    #: `utf-8`, `utf-16le`, `utf-16be` or `windows-1252`.
    encoding: str
    #: Malformed sequences that became U+FFFD.
    replaced: int
    is_binary: bool


def decode(data: bytes) -> Decoded:
    """The text of a file, with plain line ends, quotes, dashes and spaces."""
    encoding, is_binary = _encoding(data)
    if encoding == "windows-1252":
        text, replaced = data.decode("cp1252", "fixbook.c1"), 0
    else:
        mark = next((mark for mark, name in _MARKS if data.startswith(mark)), b"")
        text = data[len(mark) :].decode(encoding.replace("16", "16-"), "fixbook.malformed")
        replaced = text.count(_MALFORMED)
        text = text.replace(_MALFORMED, "\ufffd")
    text = text.replace("\0", "").replace("\ufeff", "").replace("\r\n", "\n").replace("\r", "\n")
    if not text.isascii():
        text = _CHANGED.sub(lambda found: _PLAIN[found[0]], text)
    return Decoded(text, encoding, replaced, is_binary)


def _encoding(data: bytes) -> tuple[str, bool]:
    """Encoding, and whether the bytes are not text at all."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            return name, False
    start = data[:HEAD]
    utf16 = _utf16_without_mark(start)
    if utf16 is not None:
        return utf16, False
    is_binary = _looks_binary(start)
    if data.isascii():
        return "utf-8", is_binary
    first = re.search(rb"[\x80-\xff]", data)
    window = data[first.start() : first.start() + HEAD] if first else b""
    return ("utf-8" if _is_utf8(window) else "windows-1252"), is_binary


def _is_plain(byte: int) -> bool:
    return 0x20 <= byte <= 0x7E or byte in (9, 10, 13)


def _utf16_without_mark(start: bytes) -> str | None:
    pairs = list(zip(start[::2], start[1::2]))
    latin = [byte for byte in range(256) if _is_plain(byte) or byte >= 0xA0]
    second = sum(b == 0 and a in latin for a, b in pairs)
    first = sum(a == 0 and b in latin for a, b in pairs)
    printable = sum(_is_plain(a) and _is_plain(b) for a, b in pairs)
    if len(pairs) < 2 or printable * 4 > len(pairs):
        return None
    if second * 5 >= len(pairs) and first * 50 <= len(pairs):
        return "utf-16le"
    return "utf-16be" if first * 5 >= len(pairs) and second * 50 <= len(pairs) else None


def _looks_binary(start: bytes) -> bool:
    nuls = sum(byte == 0 and not _is_plain(before) for before, byte in zip(b"\0" + start, start))
    controls = sum(byte == 0x7F or (0 < byte < 0x20 and byte not in b"\t\n\x0c\r\x1b") for byte in start)
    return (nuls + controls) * 20 > len(start)


def _is_utf8(window: bytes) -> bool:
    """At least half of what is not ASCII is well-formed; a sequence that the end cuts says nothing."""

    def malformed(final: bool) -> tuple[int, str]:
        text = codecs.getincrementaldecoder("utf-8")("fixbook.malformed").decode(window, final)
        return text.count(_MALFORMED), text

    bad, text = malformed(True)
    good = sum(char > "\x7f" for char in text) - bad
    return good > 0 and good >= malformed(False)[0]


# ---- 4.3 Recognition ------------------------------------------------------------------------------------------------


class Marks:
    """By what the files of one source are known."""

    def __init__(self, source: dict[str, Any]):
        self.format: str = source["format"]
        globs = [re.escape(ascii_lower(name)).replace(r"\*", ".*") for name in source.get("files", [])]
        self.files = [re.compile(glob, re.DOTALL).fullmatch for glob in globs]
        self.content = [Pattern(pattern) for pattern in source.get("content", [])]

    def is_name(self, path: str) -> bool:
        name = ascii_lower(re.split(r"[/\\]", path)[-1])
        return any(fits(name) for fits in self.files)

    def line(self, start: str, lines: list[str], is_named: bool) -> int | None:
        """The line that speaks for the source."""
        if self.content:
            at = (at for at, line in enumerate(lines) if any(pattern.search(line) for pattern in self.content))
            return next(at, None)
        if self.files and not is_named:
            return None
        return 0 if looks_like(self.format, start) else None


def recognise(marks: list[Marks], path: str, text: str) -> int | None:
    """Index of the source that a file is. Content decides, the name breaks ties, then the earlier line."""
    start = head(text, RECOGNISE_HEAD)
    lines = start.split("\n")
    best = None
    for index, own in enumerate(marks):
        is_named = own.is_name(path)
        line = own.line(start, lines if lines[-1] else lines[:-1], is_named)
        if line is not None and (best is None or (not is_named, line) < best[:2]):
            best = (not is_named, line, index)
    return None if best is None else best[2]


# ---- 5. From text to records ----------------------------------------------------------------------------------------

Fields = dict[str, str]


class Record:
    """A piece of a file: first and last line, text, and fields by name."""

    __slots__ = ("first", "last", "text", "fields", "time", "at", "number")

    def __init__(self, first: int, last: int, text: str, fields: Fields | None = None):
        self.first = first
        self.last = last
        self.text = text
        #: Without `text`, which is the text above.
        self.fields: Fields = {} if fields is None else fields
        #: Milliseconds since 1970 in the file's own clock.
        self.time: int | None = None
        #: Orders the records of a file, and counts them.
        self.at = 0
        self.number = 0

    def get(self, name: str) -> str | None:
        return self.text if name == "text" else self.fields.get(name)

    def set(self, name: str, value: str) -> None:
        """Sets a field that is not set yet, unless the value is blank."""
        if name not in self.fields and not is_blank(value):
            self.fields[name] = value


class Framed:
    """The records of a file, with the names of the fields that it leaves out and why it is not whole."""

    #: What records may take besides their text, in bytes, counted roughly.
    MEMORY = 384 << 20

    def __init__(self) -> None:
        self.records: list[Record] = []
        self.absent: set[str] = set()
        self.note: str | None = None
        self.left = self.MEMORY

    def push(self, record: Record) -> bool:
        """Takes a record. `False`: it is full, and the rest is not worth reading."""
        self.left -= 64 + 48 * max(4, 1 << (len(record.fields) - 1).bit_length()) * bool(record.fields)
        if self.left < 0:
            self.noted(f"only the first {len(self.records)} records were read")
            return False
        self.records.append(record)
        return True

    def noted(self, note: str) -> None:
        """The first reason stays."""
        self.note = self.note or note


class Line(NamedTuple):
    number: int
    start: int
    end: int
    text: str


def lines_of(text: str) -> list[Line]:
    out = []
    at = 0
    for number, line in enumerate(text.split("\n"), 1):
        out.append(Line(number, at, at + len(line), line))
        at += len(line) + 1
    if not out[-1].text:
        out.pop()
    return out


def last_line(text: str) -> int:
    return max(text.count("\n") + (text != "" and text[-1] != "\n"), 1)


class _LineAt:
    """Numbers of the lines at growing offsets; one before the last asked gives the line of that."""

    def __init__(self, text: str):
        self.text = text
        self.at = 0
        self.number = 1

    def of(self, offset: int) -> int:
        if offset > self.at:
            self.number += self.text.count("\n", self.at, offset)
            self.at = offset
        return self.number


def frame(form: str, text: str) -> Framed:
    """The records of a document of a format that is read whole."""
    return _FORMATS[form][0](text)


def looks_like(form: str, start: str) -> bool:
    """Whether the head of a document looks like a format; `records`, `lines` and `paragraphs` look like nothing."""
    knows = _FORMATS[form][1] if form in _FORMATS else None
    return knows is not None and knows(start) and not (form == "xml" and _events_know(start))


# ---- 5.1 records and lines ------------------------------------------------------------------------------------------

_TIME = ("year", "month", "day", "hour", "minute", "second", "fraction")


class Cut(NamedTuple):
    """Where a record stands: its first and last line, begin and end."""

    first: int
    last: int
    start: int
    end: int


class Headers:
    """How the text of one source of `records` or `lines` is cut into records."""

    def __init__(self, source: dict[str, Any], is_pasted: bool):
        self.is_lines = source["format"] == "lines"
        self.is_pasted = is_pasted
        names = ("headers", "pasted_headers") if is_pasted else ("headers",)
        self.patterns = [Pattern(pattern) for name in names for pattern in source.get(name, [])]

    def find(self, line: str) -> tuple[Pattern | None, re.Match[str] | None]:
        """The first header that is found in a line."""
        for pattern in self.patterns:
            found = pattern.search(line)
            if found is not None:
                return pattern, found
        return None, None

    def opens(self, line: str) -> bool:
        if self.is_lines or any(pattern.search(line) for pattern in self.patterns):
            return True
        return self.is_pasted and line != "" and line[0] not in " \t+-"

    def cuts(self, text: str) -> list[Cut]:
        """Every record."""
        starts = [(line.number, line.start) for line in lines_of(text) if line.start == 0 or self.opens(line.text)]
        ends = starts[1:] + [(last_line(text) + 1, len(text))]
        return [Cut(first, last - 1, start, end) for (first, start), (last, end) in zip(starts, ends)]

    def paragraphs(self, text: str) -> list[Cut]:
        """Each paragraph of more than one line whose first line has no header."""
        return [
            Cut(first.number, last.number, first.start, last.end)
            for first, last in paragraphs(lines_of(text))
            if first is not last and self.find(first.text)[0] is None
        ]

    def record(self, first: int, last: int, text: str) -> Record:
        text = text.rstrip("\n")
        record = Record(first, last, text)
        pattern, found = self.find(text.split("\n", 1)[0])
        if pattern is None or found is None:
            # The tail of a record whose head is gone, or a line of a pasted fragment.
            record.fields["message"] = text.rstrip(BLANKS)
            return record
        stamp: Fields = {}
        for index, name in enumerate(pattern.groups, 1):
            if found[index] is None:
                continue
            if name in _TIME or name == "ampm":
                stamp[name] = found[index]
            elif name == "message":
                record.fields[name] = text[found.start(index) :].rstrip(BLANKS)
            else:
                record.fields[name] = found[index]
        record.time = _milliseconds(stamp)
        return record


def _milliseconds(stamp: Fields) -> int | None:
    """`fraction` counts milliseconds whatever its width; a clock without a date still measures distances."""
    numbers = {name: value for name, value in stamp.items() if re.fullmatch("[+-]?[0-9]{1,18}", value)}
    parts = {name: int(value) for name, value in numbers.items()}
    if "year" not in parts and "hour" not in parts:
        return None
    hour = parts.get("hour", 0)
    if "ampm" in stamp:
        hour = hour % 12 + (12 if ascii_lower(stamp["ampm"]) == "pm" else 0)
    days = _days_since_1970(parts.get("year", 1970), parts.get("month", 1), parts.get("day", 1))
    minutes = (days * 24 + hour) * 60 + parts.get("minute", 0)
    return (minutes * 60 + parts.get("second", 0)) * 1000 + parts.get("fraction", 0)


def _days_since_1970(year: int, month: int, day: int) -> int:
    """Howard Hinnant's "chrono-Compatible Low-Level Date Algorithms"; `datetime` refuses the 31st of February."""
    year -= month <= 2
    era, of_era = divmod(year, 400)
    of_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    return era * 146097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year - 719468


# ---- 5.2 paragraphs -------------------------------------------------------------------------------------------------

_NARROWEST = 79


def paragraphs(lines: Iterable[Line]) -> Iterator[tuple[Line, Line]]:
    """First and last line of each paragraph."""
    first: Line | None = None
    last: Line | None = None
    for line in lines:
        if not is_blank(line.text):
            first, last = first or line, line
        elif first is not None and last is not None:
            yield first, last
            first = None
    if first is not None and last is not None:
        yield first, last


def _frame_paragraphs(text: str) -> Framed:
    framed = Framed()
    for first, last in paragraphs(lines_of(text)):
        paragraph = text[first.start : last.end]
        if not framed.push(Record(first.number, last.number, paragraph, {"message": mend(paragraph)})):
            break
    return framed


def mend(text: str) -> str:
    """Lines that a console broke, made one again."""
    lines = text.strip(BLANKS).split("\n")
    if len(lines) == 1:
        return lines[0]
    width = _hard_width(lines)
    message = before = ""
    for line in lines:
        part = line.strip(BLANKS)
        if part:
            message += ("" if message == "" or _is_one_word(before, line, width) else " ") + part
            before = line
    return message


def _hard_width(lines: list[str]) -> int | None:
    """The width at which lines are broken within words; `None` when they are not."""
    lengths = [len(line.rstrip(BLANKS)) for line in lines]
    longest = max(lengths)
    if longest < _NARROWEST:
        return None
    for line, following, length in zip(lines, lines[1:], lengths):
        word = _NOT_BLANK.search(following)
        needed = len(word[0]) if word else 0
        is_between_words = length * 2 > longest and length + 1 < longest < length + 1 + needed
        if is_between_words and not _is_decoration(line) and not _is_decoration(following):
            return None
    return longest if lengths.count(longest) > 1 or longest in (80, 120) else None


def _is_one_word(line: str, following: str, width: int | None) -> bool:
    """Whether the end of one line and the start of the next belong to one word."""
    if _is_decoration(following):
        return False
    length = len(line.rstrip(BLANKS))
    indent = utf8_length(following) - utf8_length(following.lstrip(BLANKS))
    # A decoration goes on after three blanks, always broken at the last column.
    if line.lstrip(BLANKS).startswith("+ ") and indent == 3:
        return length >= _NARROWEST
    return width == length and (indent == 0 or indent >= 3)


def _is_decoration(line: str) -> bool:
    """A line by which PowerShell says where an error arose; it starts a line of its own."""
    line = line.lstrip(BLANKS)
    return line.startswith(("+ ", "At line:")) or " char:" in line


# ---- 5.2 Lists and rows, which several formats have -----------------------------------------------------------------

#: The most entries of one block of a list, but for the one that is open.
_MOST_ENTRIES = 64
#: Lines in which titles are looked for.
_PREAMBLE = 20


class Block(NamedTuple):
    """One object of `Format-List` output."""

    first: int
    last: int
    text: str
    entries: list[tuple[str, str]]


def _entry_name(line: str) -> str | None:
    """The name before ` :`."""
    before, colon, after = line.partition(" :")
    name = before.rstrip(BLANKS)
    if not colon or after[:1] not in ("", " ") or utf8_length(name) > 64:
        return None
    return name if re.fullmatch(r"\w+", name) else None


def list_blocks(text: str) -> Iterator[Block]:
    """A block ends before a blank line that a name follows, and where a name would come again."""
    #: First and last line of each entry of the open block.
    entries: dict[str, tuple[Line, Line]] = {}
    name = ""
    after_blank = False
    for line in lines_of(text):
        if is_blank(line.text):
            after_blank = True
            continue
        following = _entry_name(line.text)
        if following is not None:
            if entries and (after_blank or following in entries or len(entries) > _MOST_ENTRIES):
                yield _block(text, entries)
                entries = {}
            name = following
            entries[name] = (line, line)
        elif entries and after_blank and line.text[0] not in " \t":
            yield _block(text, entries)
            entries = {}
        elif entries:
            entries[name] = (entries[name][0], line)
        after_blank = False
    if entries:
        yield _block(text, entries)


def _block(text: str, entries: dict[str, tuple[Line, Line]]) -> Block:
    spans = list(entries.values())
    first, last = spans[0][0], spans[-1][1]
    values = [mend(text[one.start : end.end])[one.text.index(" :") + 2 :].strip(BLANKS) for one, end in spans]
    return Block(first.number, last.number, text[first.start : last.end], list(zip(entries, values)))


class Row(NamedTuple):
    first: int
    last: int
    text: str
    cells: list[str]


def separator_of(titles: str) -> str | None:
    """What parts the cells of a line of titles: a tab, else the more frequent of comma and semicolon."""
    if "\t" in titles:
        return "\t"
    if titles.count(";") > titles.count(","):
        return ";"
    return "," if "," in titles else None


def rows(text: str, separator: str) -> Iterator[Row]:
    """Rows of quoted, separated text; blank lines and PowerShell's `#TYPE` line are left out."""
    lines = _LineAt(text)
    at = 0
    while True:
        while text[at : at + 1] == "\n":
            at += 1
        if at >= len(text):
            return
        start = at
        cells = []
        while True:
            value, at = _cell(text, at, separator)
            cells.append(value.strip(BLANKS))
            if at >= len(text) or text[at] == "\n":
                break
            at += 1
        raw = text[start:at].rstrip("\n")
        if not raw.startswith("#TYPE "):
            first = lines.of(start)
            yield Row(first, lines.of(start + len(raw)), raw, cells)


def _cell(text: str, at: int, separator: str) -> tuple[str, int]:
    """One cell, and where the separator, the newline or the end behind it stands."""
    value = ""
    if text[at : at + 1] == '"':
        quoted = re.compile(r'"([^"]*(?:""[^"]*)*)("?)').match(text, at)
        assert quoted is not None
        value, at = quoted[1].replace('""', '"'), quoted.end()
        if not quoted[2]:
            return value, len(text)
    # What follows a closing quote belongs to the cell, quotes and all.
    end = re.compile(f"[^{re.escape(separator)}\n]*").match(text, at)
    assert end is not None
    return value + end[0], end.end()


def first_cells(text: str, separator: str) -> list[str] | None:
    return next((row.cells for row in rows(text, separator)), None)


# ---- 5.2 windows-event ----------------------------------------------------------------------------------------------

_EVENT_FIELDS = frozenset(
    "provider event_id level channel time computer user task keywords message data".split()
)

#: Field and rank of a property; of several for one field the lowest rank that is not blank counts.
_PROPERTIES = {
    "providername": ("provider", 0), "source": ("provider", 1), "id": ("event_id", 0), "eventid": ("event_id", 0),
    "leveldisplayname": ("level", 0), "entrytype": ("level", 0), "level": ("level", 1), "logname": ("channel", 0),
    "log": ("channel", 1), "timecreated": ("time", 0), "timegenerated": ("time", 0), "dateandtime": ("time", 0),
    "date": ("time", 1), "machinename": ("computer", 0), "computer": ("computer", 1), "userid": ("user", 0),
    "username": ("user", 0), "user": ("user", 1), "taskdisplayname": ("task", 0), "taskcategory": ("task", 1),
    "category": ("task", 1), "task": ("task", 2), "keywordsdisplaynames": ("keywords", 0), "keywords": ("keywords", 1),
    "message": ("message", 0), "description": ("message", 1), "replacementstrings": ("data", 0),
}
_LEVELS = {"0": "Information", "1": "Critical", "2": "Error", "3": "Warning", "4": "Information", "5": "Verbose"}
#: Labels as they start a line of copied text, in English and German.
_LABELS = {
    "log name": "channel", "source": "provider", "date": "time", "event id": "event_id", "id": "event_id",
    "task category": "task", "level": "level", "keywords": "keywords", "user": "user", "computer": "computer",
    "description": "message", "message": "message", "event xml": "xml",
    "protokollname": "channel", "quelle": "provider", "datum": "time", "ereignis-id": "event_id",
    "aufgabenkategorie": "task", "ebene": "level",
    "schl\u00fcsselw\u00f6rter": "keywords", "benutzer": "user", "beschreibung": "message", "ereignis-xml": "xml",
}
#: Lines within which the labels of an event stand together.
_NEAR = 16
#: Columns by place, for titles that are not known.
_PLACES = [("level", 0), ("time", 0), ("provider", 0), ("event_id", 0), ("task", 0), ("message", 0)]
_EVENT_DEPTH = 32
#: Elements that are looked at.
_EVENT_NAMES = frozenset(
    "System Provider EventID Level Task Keywords TimeCreated Channel Computer Security EventData Data UserData Binary "
    "RenderingInfo Message Keyword".split()
)
#: Attribute, field and rank by path; field and rank of the text by path.
_EVENT_ATTRIBUTES = {
    "System/Provider": [("Name", "provider", 0), ("EventSourceName", "provider", 1)],
    "System/TimeCreated": [("SystemTime", "time", 0)],
    "System/Security": [("UserID", "user", 0)],
}
_EVENT_TEXTS = {
    "System/EventID": ("event_id", 0), "System/Level": ("level", 0), "RenderingInfo/Level": ("level", 1),
    "RenderingInfo/Task": ("task", 0), "System/Task": ("task", 1), "System/Keywords": ("keywords", 1),
    "System/Channel": ("channel", 0), "System/Computer": ("computer", 0), "RenderingInfo/Message": ("message", 0),
}

Triple = tuple[str, int, str]
#: Reads the events of one form; adds the fields about which the document says something.
EventForm = Callable[[str, Framed, set[str]], None]


def _bare(text: str, most: int) -> str:
    """Without blanks and underscores, at most so many characters, in lower case."""
    return ascii_lower(re.sub("[ _]+", "", text)[:most])


def _property(title: str) -> tuple[str, int] | None:
    return _PROPERTIES.get(_bare(title, 24))


def _is_event(titles: Iterable[str]) -> bool:
    """Whether these properties are those of an event: an id, and two that say which event has it."""
    fields = {found[0] for found in map(_property, titles) if found}
    return "event_id" in fields and len(fields & {"provider", "time", "message", "level", "channel"}) >= 2


def _set_best(record: Record, triples: Iterable[Triple]) -> None:
    """Sets the fields that field, rank and value give, the best of several for each."""
    for field, _, value in sorted(triples, key=lambda triple: triple[1]):
        record.set(field, _LEVELS.get(value.strip(BLANKS), value) if field == "level" else value)


def _event_form(start: str) -> EventForm | None:
    """The reader of the form that a document has."""
    # Event Viewer adds the XML of the event to its text, and a message in XML may hold what looks like labels.
    front = start.lstrip(BLANKS)
    while front.startswith("- "):
        front = front[2:]
    if front.startswith("<") and _knows_markup(start):
        return _events_in_markup
    if _knows_copied(start):
        return _copied_events
    if _knows_markup(start):
        return _events_in_markup
    if any(_is_event(name for name, _ in block.entries) for block in list_blocks(start)):
        return _listed_events
    return _events_in_rows if _event_titles(start) is not None else None


def _events_know(start: str) -> bool:
    return _event_form(start) is not None


def _frame_events(text: str) -> Framed:
    framed = Framed()
    form = _event_form(head(text, RECOGNISE_HEAD))
    said: set[str] = set()
    if form is not None:
        form(text, framed, said)
    if said:
        framed.absent = set(_EVENT_FIELDS - said)
        if "message" in framed.absent:
            framed.noted("events without their message")
    return framed


def _listed_events(text: str, framed: Framed, said: set[str]) -> None:
    """`Get-WinEvent | Format-List`."""
    for block in list_blocks(text):
        if not _is_event(name for name, _ in block.entries):
            continue
        record = Record(block.first, block.last, block.text)
        found = [(_property(name), value) for name, value in block.entries]
        triples = [(known[0], known[1], value) for known, value in found if known]
        said.update(field for field, _, _ in triples)
        _set_best(record, triples)
        if not framed.push(record):
            return


class _Titles(NamedTuple):
    line: Line
    separator: str
    columns: Sequence[tuple[str, int] | None]


def _event_titles(text: str) -> _Titles | None:
    for line in lines_of(text)[:_PREAMBLE]:
        separator = separator_of(line.text)
        cells = first_cells(line.text, separator) if separator else None
        columns = _event_columns(cells, text[line.end :], separator) if cells and separator else None
        if columns is not None and separator:
            return _Titles(line, separator, columns)
    return None


def _event_columns(cells: list[str], below: str, separator: str) -> Sequence[tuple[str, int] | None] | None:
    """What the columns are. Event Viewer's are always the same, their titles localised, the description without one."""
    if _is_event(cells):
        columns = [_property(cell) for cell in cells]
        has_message = any(column and column[0] == "message" for column in columns)
        return columns if has_message else columns + [("message", 0)]
    if len(cells) != 5 or any(cell == "" or _is_number(cell) for cell in cells):
        return None
    event = first_cells(below, separator)
    return _PLACES if event and len(event) == 6 and _is_number(event[3]) and all(event[:3]) else None


def _is_number(text: str) -> bool:
    return re.fullmatch("[0-9]+", text) is not None


def _events_in_rows(text: str, framed: Framed, said: set[str]) -> None:
    """Event Viewer's "Save as" CSV and tab-separated text, and `Export-Csv`."""
    titles = _event_titles(text)
    if titles is None:
        return
    said.update(column[0] for column in titles.columns if column)
    # The first line of what follows the titles is the rest of the line of titles.
    above = titles.line.number - 1
    for row in rows(text[titles.line.end :], titles.separator):
        record = Record(above + row.first, above + row.last, row.text)
        _set_best(record, [(*column, cell) for column, cell in zip(titles.columns, row.cells) if column])
        if _is_number(record.fields.get("event_id", "")) and not framed.push(record):
            return


def _label(line: str) -> tuple[str | None, str]:
    """Field and value of a line with a label."""
    name, colon, value = line.partition(":")
    # `Message :` with a blank is a list.
    if not colon or utf8_length(name) > 24 or name.endswith(" "):
        return None, ""
    return _LABELS.get(name.lstrip(BLANKS).lower()), value.strip(BLANKS)


def _knows_copied(start: str) -> bool:
    """A source and a numeric id stand in neighbouring lines."""
    seen: dict[str, int] = {}
    for line in lines_of(start):
        field, value = _label(line.text)
        is_id = field == "event_id" and re.fullmatch(r"\+?[0-9]+", value) and int(value) <= 0xFFFFFFFF
        if is_id or (field == "provider" and value):
            seen[str(field)] = line.number
            if len(seen) == 2 and abs(seen["provider"] - seen["event_id"]) < _NEAR:
                return True
    return False


class _CopiedEvent:
    """An event as Event Viewer copies it: labels, and behind `Description:` the message, whatever it looks like."""

    def __init__(self, line: Line, opens: str):
        self.record = Record(line.number, line.number, "")
        self.start = self.end = line.start
        #: The label that opens each event of this text.
        self.opens = opens
        #: Where the message starts and ends, once its label was read.
        self.message: tuple[int, int] | None = None
        #: Where the event in XML starts that Event Viewer adds to the text.
        self.xml: int | None = None

    def line(self, line: Line, field: str | None, value: str) -> None:
        if is_blank(line.text):
            return
        self.end = line.end
        self.record.last = line.number
        if self.xml is not None:
            return
        if field == "xml":
            self.xml = line.end
        elif self.message is not None:
            self.message = (self.message[0], line.end)
        elif field == "message":
            self.message = (line.start + line.text.index(":") + 1, line.end)
        elif field is not None:
            self.record.set(field, value)

    def close(self, text: str, framed: Framed, said: set[str]) -> bool:
        record = self.record
        record.text = text[self.start : self.end]
        if self.message is not None:
            said.add("message")
            record.set("message", text[slice(*self.message)].strip(BLANKS))
        if self.xml is not None:
            said.add("data")
            event = next(_markup_events(text[self.xml : self.end]), None)
            if isinstance(event, Record):
                record.set("data", event.fields.get("data", ""))
        said.update(record.fields)
        return "event_id" not in record.fields or framed.push(record)


def _copied_events(text: str, framed: Framed, said: set[str]) -> None:
    event: _CopiedEvent | None = None
    after_blank = True
    for line in lines_of(text):
        field, value = _label(line.text)
        if event is None:
            starts = field not in (None, "message", "xml")
        else:
            # Only an event quoted without its log may begin with a label that messages have too.
            starts = field == event.opens and (event.opens == "channel" or after_blank)
        if starts and field is not None:
            if event is not None and not event.close(text, framed, said):
                return
            event = _CopiedEvent(line, field)
        if event is not None:
            event.line(line, field, value)
        after_blank = is_blank(line.text)
    if event is not None:
        event.close(text, framed, said)


def _knows_markup(start: str) -> bool:
    last = start.rfind("<System")
    return last != -1 and re.search("<Event[> \n\t]", start[:last]) is not None


class _MarkupEvent:
    """An event in XML as far as it is read."""

    def __init__(self, start: int, line: int):
        self.start = start
        self.line = line
        #: Local names of the open elements within the event; empty for one that is not looked at.
        self.path: list[str] = []
        #: Text since the last start of an element.
        self.text: list[str] = []
        self.data: list[str] = []
        self.keywords: list[str] = []
        self.triples: list[Triple] = []

    def open(self, tag: XmlEvent) -> None:
        self.text = []
        name = tag.name[tag.name.find(":") + 1 :]
        self.path.append(name if name in _EVENT_NAMES else "")
        for attribute, field, rank in _EVENT_ATTRIBUTES.get("/".join(self.path), ()):
            for key, raw, fault in xml_attributes(tag.text, len(tag.name), False):
                if fault is not None:
                    break
                if key == attribute:
                    value, wrong = xml_unescape(raw)
                    self.triples.append((field, rank, raw if wrong else value))
                    break

    def close(self) -> None:
        text = "".join(self.text).strip(BLANKS)
        path = "/".join(self.path)
        self.text = []
        if text and path in _EVENT_TEXTS:
            self.triples.append((*_EVENT_TEXTS[path], text))
        elif text and path == "RenderingInfo/Keywords/Keyword":
            self.keywords.append(text)
        elif text and len(self.path) > 1 and self.path[0] in ("EventData", "UserData") and path != "EventData/Binary":
            self.data.append(text)
        self.path.pop()

    def record(self, text: str, last: int) -> Record:
        record = Record(self.line, last, text)
        if self.keywords:
            self.triples.append(("keywords", 0, ", ".join(self.keywords)))
        _set_best(record, self.triples)
        record.set("data", "\n".join(self.data))
        return record


def _markup_events(text: str) -> Iterator[Record | str]:
    """Each event, and last the fault that ended them."""
    lines = _LineAt(text)
    event: _MarkupEvent | None = None
    for tag in xml_events(text, True):
        if tag.kind == "error":
            yield f"line {lines.of(tag.at)}: {head(tag.text, 200)}"
            return
        if event is None:
            if tag.kind == "start" and tag.name[tag.name.find(":") + 1 :] == "Event":
                event = _MarkupEvent(tag.start, lines.of(tag.start))
        elif tag.kind == "start" and len(event.path) >= _EVENT_DEPTH:
            yield f"line {lines.of(tag.start)}: too deep"
            return
        elif tag.kind == "start":
            event.open(tag)
        elif tag.kind == "empty":
            event.open(tag)
            event.close()
        elif tag.kind == "end" and event.path:
            event.close()
        elif tag.kind == "end":
            yield event.record(text[event.start : tag.end], lines.of(tag.end))
            event = None
        elif tag.kind in ("text", "cdata"):
            event.text.append(tag.text)
        elif tag.kind == "ref":
            event.text.append(xml_reference(tag.text)[0] or "\ufffd")
    if event is not None:
        yield f"line {event.line}: the event is cut off"


def _events_in_markup(text: str, framed: Framed, said: set[str]) -> None:
    """What Event Viewer and `wevtutil` export: an event is what stands between `<Event>` and `</Event>`."""
    said.update(_EVENT_FIELDS)
    for event in _markup_events(text):
        if isinstance(event, str):
            framed.noted(event)
            return
        if "message" not in event.fields:
            # The message stands there only when an event was rendered.
            said.discard("message")
        if not framed.push(event):
            return


# ---- 5.2 registry ---------------------------------------------------------------------------------------------------

_ROOTS = {
    "hklm": "HKEY_LOCAL_MACHINE", "hkcu": "HKEY_CURRENT_USER", "hkcr": "HKEY_CLASSES_ROOT", "hku": "HKEY_USERS",
    "hkcc": "HKEY_CURRENT_CONFIG",
}
_ROOT_NAMES = frozenset(name.lower() for name in _ROOTS.values())
_REGISTRY_TYPES = (
    "REG_NONE", "REG_SZ", "REG_EXPAND_SZ", "REG_BINARY", "REG_DWORD", "REG_DWORD_BIG_ENDIAN", "REG_LINK",
    "REG_MULTI_SZ", "REG_RESOURCE_LIST", "REG_FULL_RESOURCE_DESCRIPTOR", "REG_RESOURCE_REQUIREMENTS_LIST", "REG_QWORD",
)
#: The most lines of one value.
_VALUE_LINES = 100_000


def _registry_knows(start: str) -> bool:
    is_key = False
    for line in lines_of(start):
        text = line.text.rstrip(BLANKS)
        if _is_registry_header(text) or _bracketed(text) or (is_key and _queried(text)):
            return True
        if text:
            is_key = _root(text) is not None
    return False


def _is_registry_header(line: str) -> bool:
    line = line.strip(BLANKS)
    return line == "REGEDIT4" or line.startswith("Windows Registry Editor Version")


def _without(text: str, prefix: str) -> str:
    return text[len(prefix) :] if text.startswith(prefix) else text


def _root(path: str) -> str | None:
    """A path that starts with a root, the root spelled out."""
    path = _without(_without(path, "Computer\\"), "Registry::").rstrip("\\")
    name = path.split("\\", 1)[0]
    if len(name) > 20:
        return None
    lower = ascii_lower(name[:-1] if name.endswith(":") else name)
    if lower in _ROOT_NAMES:
        return path
    return _ROOTS[lower] + path[len(name) :] if lower in _ROOTS else None


def _bracketed(line: str) -> tuple[str, bool] | None:
    """The key of a `[...]` line and whether it is deleted."""
    line = line.strip(BLANKS)
    end = line.rfind("]")
    if not line.startswith("[") or end == -1:
        return None
    is_deleted = line[1] == "-" and end > 1
    key = _root(line[2 if is_deleted else 1 : end])
    return None if key is None else (key, is_deleted)


def _queried(line: str) -> tuple[str, str, str] | None:
    """Name, type and data of a value line of `reg query`: indented, parted by two blanks or a tab."""
    if line[:1] not in (" ", "\t"):
        return None
    found = re.search(r"(?:(?<=\t)|(?<=  ))REG_[^\t ]*", line.strip(BLANKS))
    if found is None:
        return None
    line = found.string
    return line[: found.start()].rstrip(BLANKS), found[0], line[found.end() :].lstrip(BLANKS)


def _exported(line: str) -> tuple[str, str] | None:
    """Name and data of a value line of an export."""
    line = line.lstrip(BLANKS)
    found = re.match(r'@|"([^"\\]*(?:\\.[^"\\]*)*)"', line, re.DOTALL)
    rest = line[found.end() :].lstrip(BLANKS) if found else ""
    if found is None or not rest.startswith("="):
        return None
    return "@" if found[1] is None else _unescaped(found[1]), rest[1:].lstrip(BLANKS)


def _unescaped(text: str) -> str:
    """A string of an export without its backslash escapes."""
    return re.sub(r"\\(.?)", lambda found: found[1] or "\\", text, flags=re.DOTALL)


def _is_closed(rest: str) -> bool:
    """Whether the rest of a string ends with its closing quote."""
    rest = rest.rstrip(BLANKS)
    return rest.endswith('"') and (len(rest) - 1 - len(rest[:-1].rstrip("\\"))) % 2 == 0


class _Registry:
    """One record a value; a key without values is one record with only `key`."""

    def __init__(self, text: str):
        self.text = text
        self.lines = lines_of(text)
        self.at = 0
        self.key: str | None = None
        #: The strings in `hex(...)` are of the ANSI code page, as in REGEDIT4, and not UTF-16.
        self.is_ansi = False

    def records(self) -> Iterator[Record]:
        while self.at < len(self.lines):
            line = self.lines[self.at]
            self.at += 1
            record = self.entry(line)
            if record is not None:
                yield record

    def entry(self, line: Line) -> Record | None:
        if _is_registry_header(line.text):
            self.is_ansi = line.text.strip(BLANKS) == "REGEDIT4"
            return None
        key = _bracketed(line.text)
        if key is not None:
            return self.open(key[0], line, key[1])
        exported = _exported(line.text)
        if exported is not None:
            return self.exported(line, *exported)
        queried = _queried(line.text)
        if queried is not None:
            name, kind, data = queried
            record = self.record(line, line)
            record.fields["name"] = "@" if name.startswith("(") and name.endswith(")") else name
            record.fields["type"] = kind
            record.fields["value"] = _queried_value(kind, data)
            return record
        path = _root(line.text.rstrip(BLANKS))
        return None if path is None else self.open(path, line, False)

    def open(self, key: str, line: Line, is_deleted: bool) -> Record | None:
        """Turns to a key; gives a record of its own when it has no values."""
        self.key = key
        at = self.at
        while at < len(self.lines) and (is_blank(self.lines[at].text) or self.lines[at].text.startswith(";")):
            at += 1
        following = self.lines[at].text if at < len(self.lines) else ""
        if not is_deleted and (_exported(following) or _queried(following)):
            return None
        record = self.record(line, line)
        if is_deleted:
            record.fields["deleted"] = "true"
        return record

    def record(self, first: Line, last: Line) -> Record:
        fields = {} if self.key is None else {"key": self.key}
        return Record(first.number, last.number, self.text[first.start : last.end], fields)

    def exported(self, line: Line, name: str, data: str) -> Record:
        last = line
        if not data.startswith('"'):
            last = self.continued(line)
        elif not _is_closed(data[1:]):
            last = self.string_end(line)
        record = self.record(line, last)
        record.fields["name"] = name
        if data.rstrip(BLANKS) == "-":
            record.fields["deleted"] = "true"
            return record
        kind, value = _exported_value(self.text[line.end - len(data) : last.end], self.is_ansi)
        record.fields["type"] = kind
        record.fields["value"] = value
        return record

    def continued(self, last: Line) -> Line:
        """The last line of data whose lines end in a backslash."""
        for _ in range(_VALUE_LINES):
            is_open = last.text.rstrip(BLANKS).endswith("\\") and self.at < len(self.lines)
            if not is_open or self.lines[self.at].text[:1] not in (" ", "\t"):
                break
            last = self.lines[self.at]
            self.at += 1
        return last

    def string_end(self, first: Line) -> Line:
        """The last line of a string with line ends in it; the first when it is never closed."""
        for at in range(self.at, min(self.at + _VALUE_LINES, len(self.lines))):
            line = self.lines[at]
            # A line that begins something else, even within a string that is not closed.
            if _bracketed(line.text) is not None or _exported(line.text) is not None:
                break
            if _is_closed(line.text):
                self.at = at + 1
                return line
        return first


def _hexadecimal(text: str, bits: int) -> int | None:
    """A number of at most so many bits."""
    if re.fullmatch(r"\+?[0-9A-Fa-f]+", text) is None:
        return None
    digits = text.lstrip("+").lstrip("0")
    return None if len(digits) * 4 > bits else int(digits or "0", 16)


def _exported_value(data: str, is_ansi: bool) -> tuple[str, str]:
    """Type and value of what stands behind `=` in an export. What is not as its type wants stays as it is written."""
    data = data.rstrip(BLANKS)
    if data.startswith('"'):
        return "REG_SZ", _unescaped(data[1:-1] if _is_closed(data[1:]) else data[1:])
    tag, colon, rest = data.partition(":")
    tag = ascii_lower(tag.strip(BLANKS))
    number = None
    if colon and tag == "dword":
        found = _hexadecimal(rest.strip(BLANKS), 32)
        return "REG_DWORD", rest.strip(BLANKS) if found is None else str(found)
    if colon and tag.startswith("hex(") and tag.endswith(")"):
        number = _hexadecimal(tag[4:-1], 32)
    elif colon and tag == "hex":
        number = 3
    if number is None:
        return "REG_SZ", data
    octets = _octets(rest)
    value = None if octets is None else _registry_value(number, octets, is_ansi)
    kind = _REGISTRY_TYPES[number] if number < len(_REGISTRY_TYPES) else f"REG_{number}"
    return kind, rest.strip(BLANKS) if value is None else value


def _queried_value(kind: str, data: str) -> str:
    """The value in what `reg query` prints for a type."""
    if kind in ("REG_DWORD", "REG_QWORD", "REG_DWORD_BIG_ENDIAN"):
        number = _hexadecimal(data[2:], 64) if ascii_lower(data[:2]) == "0x" else None
        return data if number is None else str(number)
    if kind == "REG_MULTI_SZ":
        while data.endswith("\\0"):
            data = data[:-2]
        return data.replace("\\0", "\n")
    return ascii_lower(data) if kind in ("REG_BINARY", "REG_NONE") else data


def _octets(text: str) -> bytes | None:
    """`01,02,\\` and further lines."""
    out = []
    for part in re.split(r"[,\\\n]", text):
        part = part.strip(BLANKS)
        octet = _hexadecimal(part, 8) if len(part) <= 2 else None
        if part and octet is None:
            return None
        if octet is not None:
            out.append(octet)
    return bytes(out)


def _registry_value(kind: int, data: bytes, is_ansi: bool) -> str | None:
    if kind in (1, 2, 6, 7):
        if is_ansi:
            text = data.decode("cp1252", "fixbook.c1")
        else:
            text = data.decode("utf-16-le", "fixbook.malformed").replace(_MALFORMED, "\ufffd")
        text = text.rstrip("\0")
        return text.replace("\0", "\n") if kind == 7 else text
    if kind in (4, 5, 11):
        wanted = 8 if kind == 11 else 4
        return str(int.from_bytes(data, "big" if kind == 5 else "little")) if len(data) == wanted else None
    return data.hex()


def _frame_registry(text: str) -> Framed:
    framed = Framed()
    for record in _Registry(text).records():
        if not framed.push(record):
            break
    return framed


# ---- 5.2 xml --------------------------------------------------------------------------------------------------------
#
# The reader sees what the program's parser sees, faults and their words included, because they stand in the report.

_ENTITIES = {"lt": "<", "gt": ">", "amp": "&", "apos": "'", "quot": '"'}
_XML_SPACE = " \r\n\t"
_XML_DEPTH = 128
#: Bytes of a path at most: names repeat in the path of every descendant.
_XML_PATH = 1024
_XML_ATTRIBUTES = 256
_TAG = re.compile("<[^>'\"]*(?:(?:'[^']*'|\"[^\"]*\")[^>'\"]*)*>")
_UNCLOSED = re.compile("<[^>'\"]*(?:(?:'[^']*'|\"[^\"]*\")[^>'\"]*)*(['\"]?)")


_NOT_FOUND = " not found before end of input"


class XmlEvent(NamedTuple):
    #: `start`, `empty`, `end`, `text`, `cdata`, `ref`, `other`, `error`.
    kind: str
    #: What stands between the brackets, or the fault.
    text: str
    #: Where the event stands.
    start: int
    end: int
    name: str = ""
    #: Where the fault stands.
    at: int = 0


def xml_events(text: str, check_end_names: bool) -> Iterator[XmlEvent]:
    """Tags, text and references, up to the first fault. Entities of a document type are never expanded."""
    at = 0
    names: list[str] = []
    while at < len(text):
        if text[at] == "<":
            event = _markup(text, at, names, check_end_names)
        elif text[at] == "&":
            found = re.compile("&([^;&<]*);").match(text, at)
            if found is None:
                message = "ill-formed document: entity or character reference not closed: `;`"
                event = _error(message + _NOT_FOUND, text, at)
            else:
                event = XmlEvent("ref", found[1], at, found.end())
        else:
            end = re.compile("[^<&]+").match(text, at)
            assert end is not None
            event = XmlEvent("text", end[0], at, end.end())
        yield event
        if event.kind == "error":
            return
        at = event.end


def _error(message: str, text: str, start: int, at: int | None = None) -> XmlEvent:
    return XmlEvent("error", message, start, len(text), "", start if at is None else at)


def _syntax(what: str, text: str, start: int) -> XmlEvent:
    return _error(f"syntax error: {what}{_NOT_FOUND}", text, start)


def _markup(text: str, start: int, names: list[str], check_end_names: bool) -> XmlEvent:
    follows = text[start + 1 : start + 2]
    if follows == "!":
        return _declaration(text, start)
    if follows == "?":
        close = text.find("?>", start + 1) + 1
        if close == 0 and re.compile(r"<\?xml(?:[ \r\n\t?]|\Z)").match(text, start):
            return _syntax("XML declaration not closed: `?>`", text, start)
        if close == 0 or close == start + 2:
            return _syntax("processing instruction not closed: `?>`", text, start)
        return XmlEvent("other", "", start, close + 1)
    found = _TAG.match(text, start) if follows else None
    if found is None:
        unclosed = _UNCLOSED.match(text, start)
        quote = unclosed[1] if unclosed else ""
        return _syntax(f"attribute value not closed: `{quote}`" if quote else "tag not closed: `>`", text, start)
    if follows == "/":
        name = text[start + 2 : found.end() - 1]
        # Nothing but blanks is kept.
        name = name.rstrip(_XML_SPACE) or name
        expected = names.pop() if names else name
        if check_end_names and name != expected:
            return _error(f"ill-formed document: expected `</{expected}>`, but `</{name}>` was found", text, start)
        return XmlEvent("end", name, start, found.end(), name)
    is_empty = text[found.end() - 2] == "/"
    inner = text[start + 1 : found.end() - (2 if is_empty else 1)]
    name = re.match("[^ \r\n\t]*", inner)[0]  # type: ignore[index]
    if not is_empty:
        names.append(name)
    return XmlEvent("empty" if is_empty else "start", inner, start, found.end(), name)


def _declaration(text: str, start: int) -> XmlEvent:
    """What begins with `<!`."""
    follows = text[start + 2 : start + 3]
    if follows == "[":
        end = text.find("]]>", start + 2)
        if end == -1 or not text.startswith("<![CDATA[", start):
            return _syntax("CDATA not closed: `]]>`", text, start)
        return XmlEvent("cdata", text[start + 9 : end], start, end + 3)
    if follows == "-":
        # `<!-->` and `<!--->` do not close.
        end = text.find("-->", start + 4)
        if end == -1 or not text.startswith("<!--", start):
            return _syntax("comment not closed: `-->`", text, start)
        return XmlEvent("other", "", start, end + 3)
    if follows not in ("D", "d") or not follows:
        return _error("syntax error: unknown or missed symbol in markup", text, start)
    end = _doctype_end(text, start)
    if end == -1 or ascii_lower(text[start : start + 9]) != "<!doctype":
        return _syntax("DOCTYPE not closed: `>`", text, start)
    if not text[start + 9 : end].strip(_XML_SPACE):
        message = "ill-formed document: `<!DOCTYPE>` declaration does not contain a name of a document type"
        return _error(message, text, start, end)
    return XmlEvent("other", "", start, end + 1)


def _doctype_end(text: str, at: int) -> int:
    """The place of the `>` that closes a document type declaration; -1 when there is none."""
    at = _outside_quotes(text, at, "[>")
    if at == -1 or text[at] == ">":
        return at
    at += 1
    while at < len(text):
        if text[at] == "]":
            return text.find(">", at + 1)
        if text[at] != "<":
            at += 1
            continue
        end = _subset_end(text, at + 1)
        if end == -1:
            return -1
        at = end
    return -1


def _subset_end(text: str, at: int) -> int:
    """Behind a declaration of the internal subset, as the program's parser finds its end; -1 when there is none."""
    if text.startswith("?", at):
        end = text.find("?>", at + 1)
        return -1 if end == -1 else end + 1
    if text.startswith("!--", at):
        end = text.find("-->", at + 3)
        return -1 if end == -1 else end + 3
    if text.startswith(("!ENTITY", "!ATTLIST", "!NOTATION"), at):
        return _outside_quotes(text, at + {"E": 7, "A": 8, "N": 9}[text[at + 1]], ">")
    end = text.find(">", at + 8 if text.startswith("!ELEMENT", at) else at)
    return -1 if end == -1 else end + 1


def _outside_quotes(text: str, at: int, marks: str) -> int:
    """The first of these characters that stands outside of quotes; -1 when there is none or a quote is not closed."""
    plain = f"[^{re.escape(marks)}'\"]*"
    found = re.compile(f"{plain}(?:(?:'[^']*'|\"[^\"]*\"){plain})*").match(text, at)
    end = found.end() if found else at
    return end if text[end : end + 1] and text[end] in marks else -1


def xml_attributes(text: str, at: int, check_duplicates: bool) -> Iterator[tuple[str, str, str | None]]:
    """Name and raw value of the attributes in a tag from `at`, or a fault, behind which the next one is looked for."""
    keys: dict[str, int] = {}

    def fault(place: int, message: str) -> tuple[str, str, str | None]:
        return "", "", f"position {utf8_length(text[:place])}: {message}"

    def find(at: int, pattern: str) -> int:
        found = re.compile(pattern).search(text, at)
        return found.start() if found else len(text)

    while True:
        start = find(at, "[^ \r\n\t]")
        if start >= len(text):
            return
        end = find(start + 1, "[= \r\n\t]")
        equals = find(end, "[^ \r\n\t]")
        if text[equals : equals + 1] != "=":
            yield fault(equals, "attribute key must be directly followed by `=` or space")
            at = equals
            continue
        key = text[start:end]
        if check_duplicates and key in keys:
            before = utf8_length(text[: keys[key]])
            yield fault(start, f"duplicated attribute, previous declaration at position {before}")
            # The program's parser goes on at the `=`, which it takes for the begin of a value without quotes.
            at = find(equals, "[ \r\n\t]")
            continue
        keys[key] = start
        opens = find(equals + 1, "[^ \r\n\t]")
        if opens >= len(text):
            yield fault(len(text), "`=` must be followed by an attribute value")
            return
        if text[opens] not in "\"'":
            yield fault(opens, "attribute value must be enclosed in `\"` or `'`")
            at = find(opens, "[ \r\n\t]")
            continue
        close = text.find(text[opens], opens + 1)
        if close == -1:
            yield fault(len(text), f"missing closing quote `{text[opens]}` in attribute value")
            return
        yield key, text[opens + 1 : close], None
        at = close + 1


def xml_reference(name: str) -> tuple[str | None, str]:
    """What stands for `&name;`, or why nothing does."""
    if not name.startswith("#"):
        return _ENTITIES.get(name), f"unrecognized entity `{name}`"
    base, digits = (16, name[2:]) if name.startswith("#x") else (10, name[1:])
    sound = re.match("[0-9A-Fa-f]*" if base == 16 else "[0-9]*", digits)[0]  # type: ignore[index]
    number = int(sound or "0", base) if len(sound.lstrip("0")) <= 10 else 1 << 32
    if digits[:1] in ("+", "-") and digits:
        return None, "invalid character reference: unexpected number sign"
    if not digits:
        return None, "invalid character reference: cannot parse integer from empty string"
    # Digits are read from the left, so a number may be too large before a letter in it is met.
    if number > 0xFFFFFFFF:
        return None, "invalid character reference: number too large to fit in target type"
    if sound != digits:
        return None, "invalid character reference: invalid digit found in string"
    if number == 0:
        return None, "invalid character reference: 0x0 character is not permitted in XML"
    if number > 0x10FFFF or 0xD800 <= number <= 0xDFFF:
        return None, f"invalid character reference: `{number}` is not a valid codepoint"
    return chr(number), ""


def xml_unescape(raw: str) -> tuple[str, str | None]:
    """An attribute's value with its references resolved, and why that cannot be."""
    out = ""
    last = 0
    start = raw.find("&")
    while start != -1:
        found = re.compile("&([^&;]*);").match(raw, start)
        if found is None:
            place = f"{utf8_length(raw[:start])}..{utf8_length(raw)}"
            return raw, f"Error while escaping character at range {place}: Cannot find ';' after '&'"
        value, wrong = xml_reference(found[1])
        if value is None and found[1].startswith("#"):
            return raw, wrong
        if value is None:
            return raw, f"at {utf8_length(raw[:start]) + 1}..{utf8_length(raw[: found.end() - 1])}: {wrong}"
        out += raw[last:start] + value
        last = found.end()
        start = raw.find("&", last)
    return out + raw[last:], None


def _xml_knows(start: str) -> bool:
    start = start.lstrip(BLANKS)
    if start.startswith(("<?xml", "<!--")):
        return True
    # An attribute or the end of the tag follows; `<user@contoso.com>` and `<path not set>` are no tags.
    found = re.match(r"<((?:[^\W\d]|_)[\w:\-.]*)", start)
    if found is None or ">" not in start or ascii_lower(found[1]) == "html":
        return False
    rest = start[found.end() :].lstrip(BLANKS)
    attribute = re.match(r"[\w:\-.]*", rest)[0]  # type: ignore[index]
    if attribute:
        return rest[len(attribute) :].lstrip(BLANKS).startswith("=")
    return rest.startswith((">", "/>"))


def _short(text: str) -> str:
    """As much of a text as fits into a message."""
    return head(text, 200)


class _Open(NamedTuple):
    """An open element: its name, the path of its parent, its record and its text."""

    name: str
    parent: str
    record: Record
    value: list[str]


class _Elements:
    """
    One record an element, and one for the document. A document ends at its first fault; text without an XML declaration
    that is not well-formed was probably pasted and is read past stray and missing tags.
    """

    def __init__(self, text: str):
        self.text = text
        self.framed = Framed()
        self.is_declared = text.lstrip(BLANKS).startswith("<?xml")
        self.lines = _LineAt(text)
        self.open: list[_Open] = []
        self.path = ""
        self.roots = 0
        #: Line and message of the first fault.
        self.faulty: tuple[int, str] | None = None

    def fault(self, line: int, message: str) -> None:
        self.faulty = self.faulty or (line, message)

    def run(self) -> None:
        for event in xml_events(self.text, False):
            line = self.lines.of(event.start)
            if event.kind == "error":
                self.fault(self.lines.of(event.at), _short(event.text))
                return
            if not self.event(event, line) or (self.is_declared and self.faulty):
                return
        self.lines.of(len(self.text))

    def event(self, event: XmlEvent, line: int) -> bool:
        """`False` when there is no room for more."""
        if event.kind == "start":
            return self.element(event, line) and self.enter(event, line)
        if event.kind == "empty":
            return self.element(event, line)
        if event.kind == "end":
            self.leave(_local(event.name), line)
        elif event.kind in ("text", "cdata"):
            self.value(event.text, line)
        elif event.kind == "ref":
            value = xml_reference(event.text)[0]
            if value is None:
                self.fault(line, f"unknown entity `&{_short(event.text)};`")
            self.value(f"&{event.text};" if value is None else value, line)
        return True

    def element(self, event: XmlEvent, line: int) -> bool:
        if not self.open:
            self.roots += 1
            if self.roots > 1:
                self.fault(line, "more than one root element")
        raw = self.text[event.start : event.end]
        name = _local(event.name)
        fields = {"element": name, "path": f"{self.path}/{name}" if self.path else name}
        for count, (key, value, fault) in enumerate(xml_attributes(event.text, len(event.name), True), 1):
            if fault is None:
                fields["@" + key], fault = xml_unescape(value)
            if fault is not None:
                self.fault(line, _short(fault))
            if count == _XML_ATTRIBUTES:
                break
        return self.framed.push(Record(line, line + raw.count("\n"), raw, fields))

    def enter(self, event: XmlEvent, line: int) -> bool:
        """Opens the element recorded last; `False` when it is too deep."""
        name = _local(event.name)
        if len(self.open) >= _XML_DEPTH or utf8_length(self.path) + utf8_length(name) >= _XML_PATH:
            self.fault(line, "too deep")
            return False
        record = self.framed.records[-1]
        self.open.append(_Open(name, self.path, record, []))
        self.path = record.fields["path"]
        return True

    def leave(self, name: str, line: int) -> None:
        """Closes the innermost open element of a name, and those in it."""
        at = next((at for at in reversed(range(len(self.open))) if self.open[at].name == name), None)
        if at is None:
            self.fault(line, f"`</{_short(name)}>` closes nothing")
            return
        if at < len(self.open) - 1:
            self.fault(line, f"`</{_short(name)}>` stands where `</{_short(self.open[-1].name)}>` is expected")
        self.close(at)

    def close(self, keep: int) -> None:
        """Closes all open elements but the outer `keep`."""
        while len(self.open) > keep:
            element = self.open.pop()
            self.path = element.parent
            element.record.set("value", "".join(element.value).strip(BLANKS))

    def value(self, piece: str, line: int) -> None:
        if self.open:
            self.open[-1].value.append(piece)
        elif not is_blank(piece):
            self.fault(line, "text outside of the root element")

    def finish(self) -> Framed:
        records = self.framed.records
        if self.faulty is None and self.open:
            end = self.lines.of(len(self.text.rstrip(BLANKS)))
            self.fault(end, f"`{_short(self.open[-1].name)}` is not closed")
        elif self.faulty is None and self.roots == 0:
            self.fault(1, "no element")
        self.close(0)
        if self.faulty is None:
            records.insert(0, Record(1, 1, "", {"element": "", "path": "", "well_formed": "true"}))
            return self.framed
        line, message = self.faulty
        self.framed.noted(f"line {line}: {message}")
        # The document stands where its fault is, which is where a reader should look.
        text = self.text.split("\n", line)[line - 1] if self.text.count("\n") >= line - 1 else ""
        document = Record(line, line, _short(text), {"element": "", "path": ""})
        if self.is_declared:
            document.fields["well_formed"] = "false"
        else:
            self.framed.absent = {"well_formed"}
        place = next((at for at, record in enumerate(records) if record.first > line), len(records))
        records.insert(place, document)
        return self.framed


def _local(name: str) -> str:
    """A name without its prefix."""
    return name[name.rfind(":") + 1 :]


def _frame_xml(text: str) -> Framed:
    elements = _Elements(text)
    elements.run()
    return elements.finish()


# ---- 5.2 service-list -----------------------------------------------------------------------------------------------

_SERVICE_FIELDS = ("name", "display_name", "status", "start_type")
_STATUS = ("Stopped", "StartPending", "StopPending", "Running", "ContinuePending", "PausePending", "Paused")
_TITLES = {
    "name": "name", "servicename": "name", "displayname": "display_name", "status": "status", "state": "status",
    "starttype": "start_type", "startmode": "start_type", "startuptype": "start_type",
}
_START_TYPES = {
    "auto": "Automatic", "autostart": "Automatic", "automatic": "Automatic",
    "autostart(delayed)": "Automatic (Delayed Start)", "automatic(delayedstart)": "Automatic (Delayed Start)",
    "automaticdelayedstart": "Automatic (Delayed Start)", "delayedautostart": "Automatic (Delayed Start)",
    "demandstart": "Manual", "manual": "Manual", "disabled": "Disabled", "bootstart": "Boot", "boot": "Boot",
    "systemstart": "System", "system": "System",
}
#: Columns of a table that are looked at, and characters of its line of dashes.
_COLUMNS = 64
_WIDEST = 4096

Column = tuple[int, int]


def _service_titles(titles: Sequence[str]) -> list[str | None] | None:
    """The fields of a row of titles, when they are those of services."""
    plain = [ascii_lower(title) for title in titles]
    fields: list[str | None] = []
    for title in plain:
        field = _TITLES.get(_bare(title, 20))
        if field == "status" and "state" in plain and title != "state":
            # `Win32_Service` has both `State`, which counts, and `Status`.
            field = None
        elif field == "name" and "startup type" in plain:
            # The export of services.msc calls the display name `Name`.
            field = "display_name"
        fields.append(field)
    is_known = {"name", "display_name"} & set(fields) and {"status", "start_type"} & set(fields)
    return fields if is_known else None


def _spelled(field: str, value: str) -> str:
    """A value as it is spelled in a field."""
    plain = value.lstrip("0123456789")
    if field == "status":
        plain = _bare(plain.lstrip(BLANKS), 20)
        return next((known for known in _STATUS if known.lower() == plain), value)
    return _START_TYPES.get(_bare(plain.strip(BLANKS), 40), value) if field == "start_type" else value


class _Services:
    """What a document says of services, and what it cuts off."""

    def __init__(self, text: str):
        self.text = text
        self.framed = Framed()
        self.said: set[str] = set()
        self.cut: set[str] = set()

    def set(self, record: Record, field: str, value: str) -> None:
        value = value.strip(BLANKS)
        if value.endswith(("...", "\u2026")):
            self.cut.add(field)
        else:
            record.set(field, _spelled(field, value))

    def finish(self) -> Framed:
        if self.cut:
            self.framed.noted("long names are cut off")
        self.framed.absent = {name for name in _SERVICE_FIELDS if name not in self.said or name in self.cut}
        return self.framed

    def console(self) -> None:
        """Tables and the output of `sc`, in any order in one text."""
        lines = lines_of(self.text)
        at = 0
        before: Line | None = None
        while at < len(lines):
            line = lines[at]
            at += 1
            table = None
            if line.text.lstrip(BLANKS).startswith("SERVICE_NAME:"):
                start = at - 1
                while at < len(lines) and not re.match(f"[{BLANKS}]*$|SERVICE_NAME:", lines[at].text):
                    at += 1
                if not self.framed.push(self.controlled(lines[start:at])):
                    return
            elif before is not None:
                table = _service_table(before.text, line.text)
            if table is not None:
                columns, fields = table
                self.said.update(field for field in fields if field)
                while at < len(lines) and not is_blank(lines[at].text):
                    row = lines[at]
                    record = Record(row.number, row.number, row.text)
                    for field, cell in zip(fields, _cells(columns, row.text)):
                        if field:
                            self.set(record, field, cell)
                    if not self.framed.push(record):
                        return
                    at += 1
                at += 1
            before = line

    def controlled(self, lines: list[Line]) -> Record:
        """One service of `sc query` or `sc qc`."""
        first, last = lines[0], lines[-1]
        record = Record(first.number, last.number, self.text[first.start : last.end])
        self.said.add("name")
        record.set("name", first.text.lstrip(BLANKS)[len("SERVICE_NAME:") :].strip(BLANKS))
        for line in lines[1:]:
            title, colon, value = line.text.partition(":")
            field = _TITLES.get(_bare(title.strip(BLANKS), 20)) if colon else None
            if field and field != "name":
                self.said.add(field)
                self.set(record, field, value)
        return record

    def listed(self) -> None:
        for block in list_blocks(self.text):
            fields = _service_titles([name for name, _ in block.entries])
            if fields is None:
                continue
            record = Record(block.first, block.last, block.text)
            for field, (_, value) in zip(fields, block.entries):
                if field:
                    self.said.add(field)
                    record.set(field, _spelled(field, value))
            if not self.framed.push(record):
                return

    def comma_separated(self) -> None:
        for line in lines_of(self.text)[:_PREAMBLE]:
            separator = separator_of(line.text)
            titles = first_cells(line.text, separator) if separator else None
            fields = _service_titles(titles) if titles else None
            if fields is not None and titles and separator:
                break
        else:
            return
        self.said.update(field for field in fields if field)
        # services.msc leaves the status of a stopped service blank.
        is_blank_stopped = "startup type" in map(ascii_lower, titles)
        # The first line of what follows the titles is the rest of the line of titles.
        above = line.number - 1
        for row in rows(self.text[line.end :], separator):
            record = Record(above + row.first, above + row.last, row.text)
            for field, cell in zip(fields, row.cells):
                if field == "status" and cell == "" and is_blank_stopped:
                    record.fields["status"] = "Stopped"
                elif field:
                    record.set(field, _spelled(field, cell))
            if not self.framed.push(record):
                return


def _service_table(titles: str, dashes: str) -> tuple[list[Column], list[str | None]] | None:
    """The columns under these titles and dashes, and what they are, if they are those of services."""
    dashes = dashes.rstrip(BLANKS)
    if len(dashes) > _WIDEST or re.fullmatch("[- ]*-", dashes) is None:
        return None
    columns = [found.span() for found in re.finditer("-+", dashes)][:_COLUMNS]
    fields = _service_titles(_cells(columns, titles))
    return None if fields is None else (columns, fields)


def _cells(columns: list[Column], line: str) -> list[str]:
    start = 0
    out = []
    for (_, end), (following, _) in zip(columns, columns[1:]):
        # Where the next cell starts: at its dashes, or earlier when it is aligned right and longer than they.
        places = range(following - 1, end - 1, -1)
        cut = next((at + 1 for at in places if is_blank(line[at : at + 1])), following)
        out.append(line[start : max(cut, start)].strip(BLANKS))
        start = cut
    out.append(line[start:].strip(BLANKS))
    return out


def _frame_services(text: str) -> Framed:
    for form in (_Services.console, _Services.listed, _Services.comma_separated):
        services = _Services(text)
        form(services)
        if services.framed.records:
            return services.finish()
    return Framed()


def _services_know(start: str) -> bool:
    return bool(_frame_services(start).records)


_FORMATS: dict[str, tuple[Callable[[str], Framed], Callable[[str], bool] | None]] = {
    "paragraphs": (_frame_paragraphs, None),
    "windows-event": (_frame_events, _events_know),
    "registry": (_frame_registry, _registry_knows),
    "xml": (_frame_xml, _xml_knows),
    "service-list": (_frame_services, _services_know),
}


# ---- 5.3 Fields read from fields ------------------------------------------------------------------------------------


class View:
    """A record as tests see it. A field that it does not have is `None`."""

    def __init__(self, source: Program, record: Record, absent: set[str], is_pasted: bool):
        self.source = source
        self.record = record
        self.absent = absent
        #: The record stands in a pasted fragment of `records` or `lines`: what its header would have told is not known.
        self.is_pasted = is_pasted
        #: Whether a field that a pasted fragment lacks is assumed: for clauses, not for what the log says of itself.
        self.assumes = True
        self.derived: set[int] = set()
        self.lowered: dict[str, str] = {}
        self.split()

    def split(self) -> None:
        fields = self.record.fields
        for split in self.source.split:
            value = fields.get(split["field"])
            if value is None or not value.startswith(split["starts_with"]):
                continue
            del fields[split["field"]]
            before, cut, after = value[len(split["starts_with"]) :].partition(split["at"])
            fields.setdefault(split["before"], before)
            if cut:
                fields.setdefault(split["after"], after)

    def derive(self, name: str) -> None:
        """Reads the derivations that give a field and were not read yet."""
        for index, (field, pattern) in enumerate(self.source.derive):
            if index in self.derived or name not in pattern.groups:
                continue
            self.derived.add(index)
            value = self.record.get(field)
            for group, found in (pattern.captures(value) or ()) if value is not None else ():
                self.record.fields.setdefault(group, found)

    def get(self, name: str) -> str | None:
        value = self.record.get(name)
        if value is None and name in self.source.read_from_fields:
            self.derive(name)
            value = self.record.get(name)
        if value is None and self.is_pasted and self.assumes:
            return self.source.assumed.get(name)
        return value

    def may_have(self, name: str) -> bool:
        """Whether the file of this record could have such a field at all."""
        if self.record.get(name) is not None:
            return True
        if name in self.absent:
            return False
        return not self.is_pasted or name in self.source.read_from_fields or name in self.source.assumed

    def lower(self, text: str) -> str:
        """In lower case; several clauses ask the same field of one record."""
        if text not in self.lowered:
            self.lowered[text] = ascii_lower(text)
        return self.lowered[text]


class _Given:
    """What a block gave, as tests see it."""

    def __init__(self, fields: Iterable[tuple[str, str]]):
        self.fields = dict(reversed(list(fields)))

    def get(self, name: str) -> str | None:
        return self.fields.get(name)

    def may_have(self, name: str) -> bool:
        return True

    def lower(self, text: str) -> str:
        return ascii_lower(text)


# ---- 7.2 Field tests ------------------------------------------------------------------------------------------------

FALSE, UNKNOWN, TRUE = 0, 1, 2

Captures = list[tuple[str, str]]
_CONTROL = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f]")
MAX_CAPTURE = 500


def clean(value: str) -> str:
    """A captured value as it may be shown."""
    value = _CONTROL.sub("", value.strip(BLANKS)).replace("\t", " ").replace("\n", " ")
    return value[:MAX_CAPTURE]


def version(text: str) -> list[int] | None:
    """The parts of a dotted version, without zeros at the end."""
    if re.fullmatch(r"[0-9]{1,18}(?:\.[0-9]{1,18}){0,7}", text.strip(BLANKS)) is None:
        return None
    parts = [int(part) for part in text.strip(BLANKS).split(".")]
    while parts and parts[-1] == 0:
        parts.pop()
    return parts


class Check:
    """A test of one field."""

    def __init__(self, test: dict[str, Any]):
        self.field: str = test["field"]
        ((self.kind, given),) = test["test"].items()
        self.is_lowered = not test.get("case_sensitive", False)
        self.exists: bool = given is True
        self.pattern = Pattern(given) if self.kind == "regex" else None
        self.bound = version(given) if self.kind in ("gte", "lte") else None
        values = given if isinstance(given, list) else ()
        self.values = tuple(ascii_lower(value) if self.is_lowered else value for value in values)

    def ask(self, view: View | _Given, captures: Captures) -> int:
        """The truth of the test; what it captures is added."""
        if not view.may_have(self.field):
            return UNKNOWN
        value = view.get(self.field)
        if self.kind == "exists":
            holds = (value is not None) == self.exists
        elif value is None:
            holds = False
        elif self.pattern is not None:
            found = self.pattern.captures(value)
            holds = found is not None
            captures.extend((name, clean(group)) for name, group in found or ())
        elif self.kind in ("gte", "lte"):
            parts = version(value)
            if parts is None or self.bound is None:
                holds = False
            else:
                holds = parts >= self.bound if self.kind == "gte" else parts <= self.bound
        else:
            holds = self.compare(view.lower(value) if self.is_lowered else value)
        return TRUE if holds else FALSE

    def compare(self, value: str) -> bool:
        if self.kind == "any_of":
            return value in self.values
        if self.kind == "contains_any":
            return any(wanted in value for wanted in self.values)
        if self.kind == "contains_all":
            return all(wanted in value for wanted in self.values)
        return value.startswith(self.values) if self.kind == "starts_with" else value.endswith(self.values)


class Answer(NamedTuple):
    truth: int
    #: One of the tests was true.
    is_supported: bool
    captures: Captures


def ask_all(checks: Sequence[Check], view: View | _Given) -> Answer:
    """The *and* of tests; the rest is not asked once one is false."""
    truth = TRUE
    is_supported = False
    captures: Captures = []
    for check in checks:
        own = check.ask(view, captures)
        is_supported = is_supported or own == TRUE
        truth = min(truth, own)
        if truth == FALSE:
            break
    return Answer(truth, is_supported, captures)


# ---- 6. From records to runs and blocks -----------------------------------------------------------------------------

#: What is asked of a record, in this order.
START, OPENS, FACT, SUCCESS, FAILURE, CLAUSE, CLOSES, DISMISSES, END = range(9)

RUNS = 1000
BLOCKS = 1000
#: Records kept of one clause in one run, and those whose text is kept besides the last.
KEEP = 200
SHOWN = 20
EXCERPT = 2000


class Probe:
    """Whatever the records of a source are asked: a clause, or a mark or a fact of a run or a block."""

    def __init__(self, role: int, asked: dict[str, Any], given: set[str], number: int = -1):
        self.role = role
        #: Number of the clause.
        self.number = number
        #: A record that has none of these need not be asked; when there are none, it must.
        self.literals = [ascii_lower(literal) for literal in asked.get("literals", ())]
        tests = asked.get("where", ())
        self.checks = self.sorted(test for test in tests if test["field"] not in given)
        #: Tests of fields that the block gives, answered when it closes.
        self.deferred = self.sorted(test for test in tests if test["field"] in given)
        self.expect = self.sorted(asked.get("expect", ()))

    @staticmethod
    def sorted(tests: Iterable[dict[str, Any]]) -> list[Check]:
        """Regexes last: what is cheap is asked first."""
        return sorted(map(Check, tests), key=lambda check: check.kind == "regex")


class Program:
    """A source and everything that is asked of its records."""

    def __init__(self, source: dict[str, Any], clauses: list[tuple[int, dict[str, Any]]]):
        self.id: str = source["id"]
        self.format: str = source["format"]
        self.is_streamed = self.format in ("records", "lines")
        #: Of whole files and of pasted fragments.
        self.headers = (Headers(source, False), Headers(source, True))
        self.split = source.get("split", [])
        self.derive = [(derive["field"], Pattern(derive["regex"])) for derive in source.get("derive", [])][:64]
        self.read_from_fields = {group for _, pattern in self.derive for group in pattern.groups}
        self.read_from_fields.update(split[part] for split in self.split for part in ("before", "after"))
        self.is_pastable = "pasted" in source
        self.assumed: Fields = source.get("pasted", {})
        runs = source.get("runs", {})
        blocks = source.get("blocks", {})
        self.says_end = bool(runs.get("ends"))
        self.short: int = runs.get("short", 0)
        self.gives = [(gives["field"], Pattern(gives["regex"])) for gives in blocks.get("gives", [])]
        given = {group for _, pattern in self.gives for group in pattern.groups}
        marks = [
            (START, runs.get("starts")), (OPENS, blocks.get("opens")), (SUCCESS, runs.get("success")),
            (FAILURE, runs.get("failure")), (CLOSES, blocks.get("closes")), (DISMISSES, blocks.get("dismisses")),
            (END, runs.get("ends")),
        ]
        probes = [Probe(role, condition, given) for role, conditions in marks for condition in conditions or ()]
        for fact in runs.get("facts", ()):
            where = [{"field": fact["field"], "test": {"regex": fact["regex"]}}]
            probes.append(Probe(FACT, {**fact, "where": where}, given))
        probes += [Probe(CLAUSE, clause, given, number) for number, clause in clauses]
        self.probes = sorted(probes, key=lambda probe: probe.role)
        #: Probes of each literal, and those that have none.
        self.needles: dict[str, list[int]] = {}
        self.always: list[int] = []
        for index, probe in enumerate(self.probes):
            if not probe.literals:
                self.always.append(index)
            for literal in probe.literals:
                self.needles.setdefault(literal, []).append(index)

    def records(self, text: str, is_pasted: bool) -> Iterator[View]:
        """Every record of a file. An engine need not cut out those that have nothing to say, see `asked`."""
        if not self.is_streamed:
            framed = frame(self.format, text)
            yield from (View(self, record, framed.absent, False) for record in framed.records)
            return
        headers = self.headers[is_pasted]
        for cut in headers.cuts(text) + (headers.paragraphs(text) if is_pasted else []):
            yield self.view(headers, text, cut, 0)

    def asked(self, text: str, is_pasted: bool) -> Iterator[tuple[View, list[int]]]:
        """The records of a log of `records` or `lines` that have something to say, and what to ask them."""
        headers = self.headers[is_pasted]
        lower = ascii_lower(text)
        # Paragraphs are no records of the log: each has the number 0.
        for cuts, step in ((headers.cuts(text), 1), (headers.paragraphs(text) if is_pasted else [], 0)):
            candidates = self.candidates(lower, cuts)
            for index, cut in enumerate(cuts):
                probes = sorted(candidates[index].union(self.always)) if index in candidates else self.always
                if probes:
                    yield self.view(headers, text, cut, (index + 1) * step), probes

    def view(self, headers: Headers, text: str, cut: Cut, number: int) -> View:
        record = headers.record(cut.first, cut.last, text[cut.start : cut.end])
        record.at, record.number = cut.start, number
        return View(self, record, set(), headers.is_pasted)

    def candidates(self, lower: str, cuts: list[Cut]) -> dict[int, set[int]]:
        """The probes whose literals stand in each of these pieces of a text in lower case."""
        starts = [cut.start for cut in cuts]
        out: dict[int, set[int]] = {}
        for literal, probes in self.needles.items():
            at = lower.find(literal) if starts else -1
            while at != -1:
                index = bisect.bisect_right(starts, at) - 1
                if index >= 0 and at < cuts[index].end:
                    out.setdefault(index, set()).update(probes)
                at = lower.find(literal, starts[index + 1]) if index + 1 < len(starts) else -1
        return out

    def asked_of(self, framed: Framed) -> Iterator[tuple[View, list[int]]]:
        """The records of a file that is read whole. Their literals need not stand in their text, so all are asked."""
        everything = list(range(len(self.probes)))
        for number, record in enumerate(framed.records):
            record.at = record.number = number
            yield View(self, record, framed.absent, False), everything


class Hit:
    """A record that satisfies the `where` of a clause."""

    __slots__ = ("record", "time", "block", "key", "captures", "expect", "excerpt", "at", "number", "first", "last")

    def __init__(self, view: View, block: int | None, captures: Captures, expect: int, excerpt: str):
        record = view.record
        key = view.get("key")
        self.time = record.time
        self.block = block
        self.key = None if key is None else ascii_lower(key)
        self.captures = captures
        self.expect = expect
        self.excerpt = excerpt
        self.at = record.at
        self.number = record.number
        self.first = record.first
        self.last = record.last


class Hits:
    """The records of one clause in one run: how many, those that are kept, and the first that may be one."""

    def __init__(self) -> None:
        self.count = 0
        self.kept: list[Hit] = []
        self.unknown: tuple[Hit, bool] | None = None


class ErrorBlock:
    """The records of one failure."""

    def __init__(self, number: int, record: Record):
        self.number = number
        self.first = record.first
        self.last = record.last
        self.given: Captures = []
        self.excerpt = ""
        #: First line of the last message of a record that opens.
        self.innermost = ""
        #: Hits that wait for what the block gives.
        self.waiting: list[tuple[Probe, Hit]] = []


class Run:
    """One run of a file."""

    def __init__(self, number: int, first: int, last: int):
        self.number = number
        self.first = first
        self.last = last
        self.is_failure = self.is_success = self.has_ended = False
        self.facts: Fields = {}
        #: By number of the clause.
        self.hits: dict[int, Hits] = {}
        self.blocks: list[ErrorBlock] = []

    @property
    def outcome(self) -> str:
        return "failure" if self.is_failure else "success" if self.is_success else "unknown"


class Ledger:
    """What one file says: its runs, their facts and outcome, their error blocks, and records that satisfy clauses."""

    def __init__(self, program: Program, every_run: set[int]):
        self.program = program
        #: Clauses of rules that ask every run.
        self.every_run = every_run
        self.runs: list[Run] = []
        self.omitted = 0
        self.run = Run(1, 1, 0)
        self.has_started = False
        self.block: ErrorBlock | None = None
        self.blocks = 0

    def take(self, asked: Iterable[tuple[View, list[int]]], lines: int) -> Ledger:
        """Asks the records of a file, which has so many lines, and ends it."""
        for view, probes in asked:
            self.record(view, probes)
        self.end_run(lines)
        return self

    def record(self, view: View, probes: list[int]) -> None:
        has_opened = False
        closes: bool | None = None
        for index in probes:
            probe = self.program.probes[index]
            role = probe.role
            if role == OPENS and has_opened:
                continue
            view.assumes = role == CLAUSE
            answer = ask_all(probe.checks, view)
            if role == CLAUSE:
                if answer.truth != FALSE:
                    self.clause(probe, answer, view)
            elif answer.truth != TRUE:
                continue
            elif role == START:
                self.start(view.record)
            elif role == OPENS:
                has_opened = True
                self.opens(view)
            elif role == FACT:
                self.run.facts.update(answer.captures)
            elif role == SUCCESS:
                self.run.is_success = True
            elif role == FAILURE:
                self.run.is_failure = True
            elif role == CLOSES:
                closes = True if closes is None else closes
            elif role == DISMISSES:
                closes = False
            else:
                self.run.has_ended = True
        if closes is not None:
            self.close(view, closes)

    def start(self, record: Record) -> None:
        # A row of asterisks above the first start is not a run of its own.
        if self.has_started or record.first > 3 or self.run.hits:
            self.end_run(record.first - 1)
            self.run = Run(self.run.number + 1, record.first, record.last)
        self.has_started = True

    def end_run(self, last: int) -> None:
        self.close(None, True)
        self.run.last = max(last, self.run.first)
        for hits in self.run.hits.values():
            hits.kept.sort(key=lambda hit: hit.at)
        if len(self.runs) >= 2:
            # The run before the last may still be in scope; those before it are history to most rules.
            history = self.runs[-2]
            history.blocks = []
            history.hits = {clause: hits for clause, hits in history.hits.items() if clause in self.every_run}
        self.runs.append(self.run)
        if len(self.runs) > RUNS:
            del self.runs[0]
            self.omitted += 1

    def clause(self, probe: Probe, answer: Answer, view: View) -> None:
        expected = ask_all(probe.expect, view)
        known = self.run.hits.get(probe.number)
        kept = len(known.kept) if known else 0
        excerpt = view.record.text[:EXCERPT] if kept < SHOWN or kept >= KEEP - 1 else ""
        block = None if self.block is None else self.block.number
        hit = Hit(view, block, answer.captures + expected.captures, expected.truth, excerpt)
        if answer.truth == UNKNOWN:
            hits = self.run.hits.setdefault(probe.number, Hits())
            hits.unknown = hits.unknown or (hit, answer.is_supported)
        elif not probe.deferred:
            self.keep(probe, hit)
        elif self.block is None:
            self.deferred(probe, hit, [])
        elif len(self.block.waiting) < KEEP * 10:
            self.block.waiting.append((probe, hit))

    def deferred(self, probe: Probe, hit: Hit, given: Captures) -> None:
        """Judges a hit by what its block gave; without a block every such field is absent."""
        answer = ask_all(probe.deferred, _Given(given))
        if answer.truth == TRUE:
            hit.captures = hit.captures + answer.captures
            self.keep(probe, hit)

    def keep(self, probe: Probe, hit: Hit) -> None:
        hits = self.run.hits.setdefault(probe.number, Hits())
        hits.count += 1
        del hits.kept[KEEP - 1 :]
        hits.kept.append(hit)

    def opens(self, view: View) -> None:
        record = view.record
        if self.block is None:
            self.blocks += 1
            self.block = ErrorBlock(self.blocks, record)
        block = self.block
        block.last = record.last
        room = EXCERPT - utf8_length(block.excerpt)
        if room > 0:
            block.excerpt += ("\n" if block.excerpt else "") + record.text[:room]
        for line in (view.get("message") or "").split("\n"):
            if not is_blank(line):
                block.innermost = line.strip(BLANKS)[:300]
                break

    def close(self, view: View | None, did_harm: bool) -> None:
        """Closes the open block, if there is one; at the end of a run without a record."""
        block, self.block = self.block, None
        if block is None:
            return
        if view is not None:
            block.last = view.record.last
            for field, pattern in self.program.gives:
                value = view.get(field)
                found = pattern.captures(value) if value is not None else None
                block.given.extend((name, clean(group)) for name, group in found or ())
        for probe, hit in block.waiting:
            self.deferred(probe, hit, block.given)
        block.waiting = []
        if did_harm and len(self.run.blocks) < BLOCKS:
            self.run.blocks.append(block)


class Evidence(NamedTuple):
    """What a file says, read as one source."""

    path: str
    source: str
    is_pasted: bool
    runs: list[Run]
    short: int

    def last_runs(self) -> int:
        """Index of the first run that counts as last."""
        last = len(self.runs) - 1
        run = self.runs[last]
        is_short = run.last + 1 - run.first < self.short and run.outcome == "unknown"
        return max(last - 1, 0) if is_short else last


# ---- 7.3 and 7.4 Clauses and groups ---------------------------------------------------------------------------------


class Condition:
    """A condition of a rule, whose clauses are numbered in the order of the page."""

    def __init__(self, node: dict[str, Any], first: int):
        ((self.kind, self.body),) = node.items()
        self.id = first
        self.members: list[Condition] = []
        #: The number behind the last clause.
        self.end = first + (self.kind == "clause")
        for member in self.body.get("members", ()):
            self.members.append(Condition(member, self.end))
            self.end = self.members[-1].end

    def clauses(self) -> list[Condition]:
        if self.kind == "clause":
            return [self]
        return [clause for member in self.members for clause in member.clauses()]

    def bodies(self) -> list[dict[str, Any]]:
        return [clause.body for clause in self.clauses()]

    def speaking(self) -> list[Condition]:
        """The clauses that speak for this condition: not those under a `none`."""
        if self.kind in ("clause", "none"):
            return [self] if self.kind == "clause" else []
        return [clause for member in self.members for clause in member.speaking()]

    def stands_for(self) -> list[Condition]:
        """The clauses that stand for a member of a sequence; of a `none`, those that it forbids."""
        if self.kind != "none":
            return self.speaking()
        return [clause for member in self.members for clause in member.stands_for()]


class Found(NamedTuple):
    """A record that satisfies a clause: index of its file, number of its run, the record."""

    file: int
    run: int
    hit: Hit

    def place(self) -> tuple[int, int, int]:
        return self.file, self.run, self.hit.at


#: Whether a record is one of those that a group speaks of; the name tells equal ties.
class Tie(NamedTuple):
    name: tuple[Any, ...]
    admits: Callable[[Found], bool]


class Verdict:
    """The truth of a condition, `None` without members, and what there is to show for it."""

    def __init__(self, truth: int | None, is_supported: bool = False):
        self.truth = truth
        self.is_supported = is_supported
        self.captures: Fields = {}
        self.evidence: list[Found] = []
        self.needs: set[str] = set()

    def rank(self) -> tuple[int, bool]:
        return -1 if self.truth is None else self.truth, self.is_supported


class Scope:
    """The evidence that a rule is decided on: the files, and of each source that was given the runs in scope."""

    def __init__(self, files: list[Evidence], runs: dict[str, list[tuple[int, Run]]]):
        self.files = files
        self.runs = runs

    def decide(self, condition: Condition, ties: list[Tie]) -> Verdict:
        """The truth of a condition on the records that the ties admit."""
        if condition.kind == "clause":
            return self.clause(condition, ties)
        best: Verdict | None = None
        for own in self.candidates(condition, ties):
            verdict = self.group(condition, ties + own)
            if best is None or verdict.rank() > best.rank():
                best = verdict
            if best.truth == TRUE:
                break
        return best or Verdict(None)

    def candidates(self, condition: Condition, ties: list[Tie]) -> list[list[Tie]]:
        """The ties under which a group is tried: those of each record that a member found."""
        same, within = condition.body.get("same"), condition.body.get("within")
        if same is None and within is None:
            return [[]]
        found = [one for clause in condition.speaking() for one in self.found(clause, ties)]
        out: dict[tuple[Any, ...], list[Tie]] = {}
        for one in sorted(found, key=Found.place):
            tie = None if same is None else _same(same, one)
            if same is None or tie is not None:
                own = ([] if tie is None else [tie]) + ([] if within is None else [_within(within, one)])
                out.setdefault(tuple(tie.name for tie in own), own)
        # Without any record the group is tried all the same, so that what is not known still is not known.
        return list(out.values()) or [[Tie((), lambda other: False)]]

    def group(self, condition: Condition, ties: list[Tie]) -> Verdict:
        if condition.kind == "sequence":
            verdict = self.sequence(condition.members, ties)
        else:
            parts = [self.decide(member, ties) for member in condition.members]
            verdict = _all(parts) if condition.kind == "all" else _any(parts)
            if condition.kind == "none":
                verdict = _not(verdict)
        for compare in condition.body.get("compare", ()):
            holds = _compare(compare, verdict.captures)
            if holds is False or (holds is None and verdict.truth == TRUE):
                return Verdict(FALSE)
        return verdict

    def hits(self, clause: Condition) -> list[tuple[int, Run, Hits]]:
        runs = self.runs.get(clause.body["source"], ())
        return [(file, run, run.hits[clause.id]) for file, run in runs if clause.id in run.hits]

    def found(self, clause: Condition, ties: list[Tie]) -> list[Found]:
        """The kept records of a clause that the ties admit, in file order."""
        every = (Found(file, run.number, hit) for file, run, hits in self.hits(clause) for hit in hits.kept)
        return [one for one in every if all(tie.admits(one) for tie in ties)]

    def clause(self, clause: Condition, ties: list[Tie]) -> Verdict:
        source = clause.body["source"]
        unknown = Verdict(UNKNOWN)
        unknown.needs.add(source)
        if source not in self.runs:
            return unknown
        verdict = self.selected(clause, ties)
        if verdict is not None:
            return verdict
        # A record that would do if it had the fields that its file cannot have.
        for file, run, hits in self.hits(clause):
            hit, is_supported = hits.unknown or (None, False)
            one = Found(file, run.number, hit) if hit else None
            if one is not None and all(tie.admits(one) for tie in ties):
                unknown.is_supported = is_supported
                unknown.evidence = [one] if is_supported else []
                return unknown
        is_fragment = all(file.source != source or file.is_pasted for file in self.files)
        return unknown if is_fragment and not any(tie.name[:1] == ("record",) for tie in ties) else Verdict(FALSE)

    def selected(self, clause: Condition, ties: list[Tie]) -> Verdict | None:
        """What the selected records say; `None` when the clause does not hold."""
        body = clause.body
        found = self.found(clause, ties)
        if "count" in body:
            count = len(found) if ties else sum(hits.count for _, _, hits in self.hits(clause))
            if not body["count"].get("gte", 0) <= count <= body["count"].get("lte", count):
                return None
            if not found:
                return Verdict(TRUE)
        speaking = _speaking(body, found)
        if not speaking:
            return None
        truth = (min if body.get("take") == "all" else max)(one.hit.expect for one in speaking)
        if truth == FALSE:
            return None
        spoken = [one for one in speaking if one.hit.expect == truth]
        verdict = Verdict(truth, True)
        verdict.captures.update(spoken[0].hit.captures)
        verdict.evidence = spoken if "count" in body or body.get("take") == "all" else spoken[:3]
        if truth == UNKNOWN:
            verdict.needs.add(body["source"])
        return verdict

    # ---- 7.5 Sequences ----

    def sequence(self, members: list[Condition], ties: list[Tie]) -> Verdict:
        paths: list[list[Found]] | None = None
        forbidden: list[Found] = []
        for member in members:
            found = self.step(member, ties)
            if member.kind == "none":
                forbidden += found
            else:
                paths = _longer(paths, found, forbidden)
                forbidden = []
        for path in paths or ():
            if not any(_precedes(path[-1], one) for one in forbidden):
                verdict = Verdict(TRUE, True)
                verdict.evidence = path
                for one in path:
                    _add_new(verdict.captures, one.hit.captures)
                return verdict
        parts = [self.decide(member, ties) for member in members if member.kind != "none"]
        return _all(parts) if any(part.truth == UNKNOWN for part in parts) else Verdict(FALSE)

    def step(self, member: Condition, ties: list[Tie]) -> list[Found]:
        """The records that can stand for a member of a sequence."""
        out = []
        for clause in member.stands_for():
            out += [one for one in _speaking(clause.body, self.found(clause, ties)) if one.hit.expect == TRUE]
        return sorted(out, key=Found.place)


def _speaking(clause: dict[str, Any], found: list[Found]) -> list[Found]:
    take = clause.get("take")
    return found[:1] if take == "first" else found[-1:] if take == "last" else found


def _same(same: str, one: Found) -> Tie | None:
    """The tie that `same` means for a record; `None` when the record has no such thing."""
    run = (one.file, one.run)
    if same == "record":
        return Tie((same, one.place()), lambda other: other.place() == one.place())
    if same == "run":
        return Tie((same, run), lambda other: (other.file, other.run) == run)
    own = one.hit.block if same == "block" else one.hit.key
    if own is None:
        return None
    if same == "block":
        return Tie((same, run, own), lambda other: (other.file, other.run) == run and other.hit.block == own)
    return Tie((same, own), lambda other: other.hit.key == own)


def _within(within: dict[str, int], one: Found) -> Tie:
    """From this record on, within the bounds."""

    def admits(other: Found) -> bool:
        if (other.file, other.run) != (one.file, one.run) or other.hit.at < one.hit.at:
            return False
        if "records" in within and other.hit.number - one.hit.number > within["records"]:
            return False
        if "seconds" not in within:
            return True
        times = one.hit.time, other.hit.time
        return times[0] is not None and times[1] is not None and abs(times[1] - times[0]) <= within["seconds"] * 1000

    return Tie(("within", one.place(), one.hit.time, one.hit.number), admits)


def _precedes(one: Found, other: Found) -> bool:
    return (one.file, one.run) == (other.file, other.run) and one.hit.at < other.hit.at


def _longer(paths: list[list[Found]] | None, found: list[Found], forbidden: list[Found]) -> list[list[Found]]:
    """Each path with a record more. Of each record it is enough to know the last one from which it can be reached."""
    if paths is None:
        return [[one] for one in found if not any(_precedes(barrier, one) for barrier in forbidden)]
    out = []
    for one in found:
        for path in reversed(paths):
            is_barred = any(_precedes(path[-1], barrier) and _precedes(barrier, one) for barrier in forbidden)
            if _precedes(path[-1], one) and not is_barred:
                out.append(path + [one])
                break
    return out


def _add_new(captures: Fields, more: Iterable[tuple[str, str]]) -> None:
    for name, value in more:
        captures.setdefault(name, value)


def _all(parts: list[Verdict]) -> Verdict:
    return _merged(min((part.truth for part in parts if part.truth is not None), default=None), parts)


def _any(parts: list[Verdict]) -> Verdict:
    truth = max((part.truth for part in parts if part.truth is not None), default=None)
    speaking = [part for part in parts if part.truth == truth]
    # The first satisfying record in file order gives the captures.
    speaking.sort(key=lambda part: (True, part.evidence[0].place()) if part.evidence else (False, (0, 0, 0)))
    return _merged(truth, speaking)


def _not(verdict: Verdict) -> Verdict:
    """The opposite, of which nothing can be shown."""
    out = Verdict(None if verdict.truth is None else TRUE - verdict.truth)
    out.needs = verdict.needs if out.truth == UNKNOWN else set()
    return out


def _merged(truth: int | None, parts: list[Verdict]) -> Verdict:
    out = Verdict(truth)
    if truth == FALSE:
        return out
    for part in parts:
        out.is_supported = out.is_supported or part.is_supported
        _add_new(out.captures, part.captures.items())
        out.evidence += part.evidence
        out.needs |= part.needs
    if truth == TRUE:
        out.needs = set()
    return out


def _compare(compare: dict[str, str], captures: Fields) -> bool | None:
    """Whether a comparison holds; `None` when a value was not captured."""
    left, right = captures.get(compare["left"]), captures.get(compare["right"])
    if left is None or right is None:
        return None
    op = compare["op"]
    a, b = version(left), version(right)
    if a is None or b is None:
        is_equal = ascii_lower(left) == ascii_lower(right)
        return is_equal if op == "eq" else not is_equal if op == "ne" else False
    return {"eq": a == b, "ne": a != b, "lt": a < b, "lte": a <= b, "gt": a > b, "gte": a >= b}[op]


# ---- 7.1 Scope ------------------------------------------------------------------------------------------------------


def decide(detection: dict[str, Any], rule: Condition, files: list[Evidence]) -> list[Verdict]:
    """The verdicts of one rule that say something: one for each run of its primary source."""
    given = {file.source for file in files}
    scope = {}
    for source in (clause["source"] for clause in rule.bodies()):
        if source in given and source not in scope:
            scope[source] = _in_scope(detection, source, files)
    if not scope:
        return []
    primary = next(iter(scope))
    out = []
    for choice in [[run] for run in scope[primary]] or [[]]:
        verdict = Scope(files, {**scope, primary: choice}).decide(rule, [])
        if verdict.truth == TRUE or (verdict.truth == UNKNOWN and verdict.is_supported):
            out.append(verdict)
    return out


def _in_scope(detection: dict[str, Any], source: str, files: list[Evidence]) -> list[tuple[int, Run]]:
    outcome = detection.get("outcome", "not-success")
    out = []
    for index, file in enumerate(files):
        if file.source != source:
            continue
        for run in file.runs[0 if detection.get("run") == "every" else file.last_runs() :]:
            if outcome == "any" or (outcome == "success") == (run.outcome == "success"):
                out.append((index, run))
    return out


# ---- 8. Text with captures ------------------------------------------------------------------------------------------


def fill(template: list[dict[str, Any]], captures: Mapping[str, str]) -> str:
    """A template's text. A capture that is not set reads `<name>`, for the reader to replace."""
    out = ""
    for segment in template:
        if "text" in segment:
            out += segment["text"]
            continue
        capture = segment["capture"]
        value = captures.get(capture["name"])
        if value is None:
            out += f"<{capture['name']}>"
        else:
            out += powershell_literal(value) if capture.get("filter") == "ps" else value
    return out


def powershell_literal(value: str) -> str:
    """PowerShell reads the typographic single quotes as quotes too."""
    value = re.sub("[\0-\x1f\x7f-\x9f]", "", value)
    return "'" + re.sub("['\u2018-\u201b]", lambda quote: quote[0] * 2, value) + "'"


# ---- 9. From truth to a report --------------------------------------------------------------------------------------

MAX_EVIDENCE = 20
MAX_DOCUMENT = 64 << 20
MAX_PASTED = 1 << 20
_FINDING_STATUS = ("matched", "possible")
_SEVERITY = ("critical", "high", "medium", "low", "info")
_CONFIDENCE = ("high", "medium", "low")


class Matcher:
    """Rules, ready to read evidence."""

    def __init__(self, rules: Rules):
        self.rules = rules
        self.every_run: set[int] = set()
        self.conditions: list[tuple[dict[str, Any], Condition]] = []
        asked: dict[str, list[tuple[int, dict[str, Any]]]] = {}
        end = 0
        for issue in rules.issues:
            if "detection" not in issue:
                continue
            rule = Condition(issue["detection"]["rule"], end)
            end = rule.end
            self.conditions.append((issue, rule))
            for clause in rule.clauses():
                asked.setdefault(clause.body["source"], []).append((clause.id, clause.body))
                if issue["detection"].get("run") == "every":
                    self.every_run.add(clause.id)
        self.marks = [Marks(source) for source in rules.sources]
        self.programs = [Program(source, asked.get(source["id"], [])) for source in rules.sources]

    def read(self, path: str, data: bytes) -> tuple[dict[str, Any], list[Evidence]]:
        """What the report says of one file, and what each source that it was read as says of the failure."""
        decoded = decode(data)
        report = {
            "path": path, "encoding": decoded.encoding, "bytes": len(data), "status": "complete",
            "replaced": decoded.replaced, "runs": [],
        }
        index = None if decoded.is_binary else recognise(self.marks, path, decoded.text)
        if index is not None:
            return report, [self.recognised(self.programs[index], decoded.text, report)]
        evidence = []
        if decoded.is_binary:
            report["note"] = "not text"
        elif utf8_length(decoded.text) <= MAX_PASTED:
            evidence = [self.pasted(program, path, decoded.text) for program in self.programs if program.is_pastable]
        if any(run.hits or run.blocks for file in evidence for run in file.runs):
            report["note"] = "no source recognises it; read as a pasted fragment"
        else:
            report["status"] = "unrecognised"
        return report, evidence

    def recognised(self, program: Program, text: str, report: dict[str, Any]) -> Evidence:
        report["source"] = program.id
        note = None
        if program.is_streamed:
            asked = program.asked(text, False)
        else:
            whole, text = text, head(text, MAX_DOCUMENT)
            framed = frame(program.format, text)
            note = framed.note
            if len(text) < len(whole):
                report["status"] = "partial"
                note = f"only the first {MAX_DOCUMENT >> 20} MiB were read"
            asked = program.asked_of(framed)
        ledger = Ledger(program, self.every_run).take(asked, last_line(text))
        if note is not None:
            report["note"] = note
        for run in ledger.runs:
            own = {"run": run.number, "first_line": run.first, "last_line": run.last, "outcome": run.outcome}
            if program.says_end:
                own["ended"] = run.has_ended
            if run.facts:
                own["facts"] = run.facts
            report["runs"].append(own)
        if ledger.omitted:
            report["runs_omitted"] = ledger.omitted
        return Evidence(report["path"], program.id, False, ledger.runs, program.short)

    def pasted(self, program: Program, path: str, text: str) -> Evidence:
        if program.is_streamed:
            asked = program.asked(text, True)
        else:
            asked = program.asked_of(frame(program.format, text))
        ledger = Ledger(program, self.every_run).take(asked, last_line(text))
        return Evidence(path, program.id, True, ledger.runs, program.short)


def scan(rules: Rules, files: Iterable[tuple[str, bytes]]) -> dict[str, Any]:
    """The report on these files, each a path, whose last part helps to recognise it, and its bytes."""
    matcher = rules.matcher
    reports = []
    evidence: list[Evidence] = []
    for path, data in sorted(files, key=lambda file: file[0]):
        report, own = matcher.read(path, data)
        reports.append(report)
        evidence += own
    findings = []
    for issue, rule in matcher.conditions:
        own_findings: list[dict[str, Any]] = []
        for verdict in decide(issue["detection"], rule, evidence):
            finding = _finding(issue, verdict, evidence)
            same = (other for other in own_findings if other["status"] == finding["status"])
            if not any(other["evidence"] == finding["evidence"] for other in same):
                own_findings.append(finding)
        findings += own_findings
    unexplained = _unexplained(findings, evidence)
    findings.sort(key=_order)
    report = {
        "schema": REPORT_SCHEMA,
        "bundle": {"name": rules.name, "version": rules.version, "sha256": rules.sha256},
        "files": reports,
        "findings": _folded(findings, rules.issues),
        "unexplained": unexplained,
    }
    if rules.skipped:
        report["skipped"] = rules.skipped
    return report


def _finding(issue: dict[str, Any], verdict: Verdict, files: list[Evidence]) -> dict[str, Any]:
    return {
        "issue": issue["id"],
        "status": "matched" if verdict.truth == TRUE else "possible",
        "severity": issue["severity"],
        "confidence": issue["confidence"],
        "title": issue["title"],
        "summary": fill(issue["summary"], verdict.captures),
        "captures": verdict.captures,
        "needs": sorted(verdict.needs),
        "evidence": [
            {
                "file": files[one.file].path, "source": files[one.file].source, "run": one.run,
                "first_line": one.hit.first, "last_line": one.hit.last, "excerpt": visible(one.hit.excerpt),
            }
            for one in _in_order(verdict.evidence)[:MAX_EVIDENCE]
        ],
        "fix": _steps(issue["fix"], verdict.captures),
        "url": issue["url"],
    }


def _in_order(evidence: list[Found]) -> list[Found]:
    """Evidence in file order, each record once."""
    placed = sorted(evidence, key=lambda one: (one.file, one.hit.first, one.hit.at))
    lines = [(one.file, one.hit.first, one.hit.last) for one in placed]
    return [one for at, one in enumerate(placed) if at == 0 or lines[at] != lines[at - 1]]


def _steps(blocks: list[dict[str, Any]], captures: Mapping[str, str]) -> list[str]:
    """One text a step: the step, then what belongs to it on lines of its own."""
    out: list[str] = []
    for block in blocks:
        ((kind, body),) = block.items()
        if kind == "output":
            text = body
        else:
            mark = {"item": "- ", "caution": "Caution: "}.get(kind, "")
            text = mark + fill(body["text"] if kind in ("step", "command") else body, captures)
        if kind == "step" or not out:
            out.append(text)
        else:
            out[-1] += "\n" + text
    return out


def _order(finding: dict[str, Any]) -> tuple[Any, ...]:
    """Matched before possible, the worst first, the surest first, the earliest evidence first."""
    return (
        _FINDING_STATUS.index(finding["status"]),
        _SEVERITY.index(finding["severity"]),
        _CONFIDENCE.index(finding["confidence"]),
        min(((one["file"], one["first_line"]) for one in finding["evidence"]), default=("", -1)),
        finding["issue"],
    )


def _folded(findings: list[dict[str, Any]], issues: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each finding under the topmost of those that supersede it, directly or through a third, in the same run."""
    supersedes = _superseding(issues)
    under: list[int | None] = []
    for weaker in findings:
        stronger = (
            index
            for index, other in enumerate(findings)
            if other["issue"] != weaker["issue"]
            and _FINDING_STATUS.index(other["status"]) <= _FINDING_STATUS.index(weaker["status"])
            and weaker["issue"] in supersedes(other["issue"])
            and _may_be_same(other, weaker)
        )
        under.append(next(stronger, None))

    def topmost(index: int) -> int:
        for _ in under:
            above = under[index]
            index = index if above is None else above
        return index

    tops = [topmost(index) for index in range(len(findings))]
    kept = {index: finding for index, finding in enumerate(findings) if tops[index] == index}
    for index, finding in enumerate(findings):
        if tops[index] == index:
            continue
        if tops[index] in kept:
            kept[tops[index]].setdefault("superseded", []).append(finding)
        else:
            kept[tops[index]] = finding
    return list(kept.values())


def _superseding(issues: list[dict[str, Any]]) -> Callable[[str], set[str]]:
    """The ids that an issue supersedes, directly or through others."""
    lists = {issue["id"]: issue.get("supersedes", []) for issue in issues}

    @functools.lru_cache(maxsize=None)
    def below(stronger: str) -> set[str]:
        out: set[str] = set()
        waiting = [stronger]
        while waiting:
            more = set(lists.get(waiting.pop(), ())) - out
            out |= more
            waiting += more
        return out

    return below


def _may_be_same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether two findings may be about one failure: they share a run, or speak of different files altogether."""
    runs = [{(part["file"], part["run"]) for part in finding["evidence"]} for finding in (one, other)]
    files = [{file for file, _ in own} for own in runs]
    return bool(runs[0] & runs[1]) or not files[0] & files[1]


def _unexplained(findings: list[dict[str, Any]], files: list[Evidence]) -> list[dict[str, Any]]:
    """The blocks of the last runs in which no matched finding has a record, one of each signature."""
    spoken = [part for finding in findings if finding["status"] == "matched" for part in finding["evidence"]]
    out = []
    for file in files:
        lines = [(part["first_line"], part["last_line"]) for part in spoken if part["file"] == file.path]
        for run in file.runs[file.last_runs() :]:
            seen = set()
            for block in run.blocks if run.outcome != "success" else ():
                signature = signature_of(block.given, block.innermost)
                is_explained = any(first <= block.last and last >= block.first for first, last in lines)
                if is_explained or signature in seen:
                    continue
                seen.add(signature)
                out.append({
                    "file": file.path, "run": run.number, "first_line": block.first, "last_line": block.last,
                    "signature": signature, "excerpt": visible(block.excerpt)[:EXCERPT],
                })
    return out


def signature_of(given: Captures, line: str) -> str:
    """One name for one failure on any server: what the block gave, and its words without names and numbers."""
    first = next((value for _, value in given if value), None)
    out: list[str] = []
    quote = ""
    for word in words(line):
        start = word.lstrip("([")[:1]
        opens = start if start in ("'", '"') else ""
        is_inside = quote != ""
        quote = quote or opens
        tail = word.rstrip(".,;:)]")
        if quote and tail.endswith(quote) and (is_inside or utf8_length(tail) > 1):
            quote = ""
        letters = [at for at, char in enumerate(word) if char.isalnum()]
        bare = word[letters[0] : letters[-1] + 1] if letters else ""
        is_variable = is_inside or opens or re.search(r"[0-9\\@=/.]", bare)
        following = "*" if is_variable else word.lower()
        if following != "*" or out[-1:] != ["*"]:
            out.append(following)
    return ("" if first is None else first + " | ") + " ".join(out)


def visible(text: str) -> str:
    """Control characters but newline and tab made visible: an escape reads `\\x1b`."""
    return _CONTROL.sub(lambda found: f"\\x{ord(found[0]):02x}", text)


# ---- The command line -----------------------------------------------------------------------------------------------


def canonical(document: Any) -> str:
    """JSON with sorted keys and no blanks."""
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _evidence_files(paths: Iterable[str]) -> Iterator[str]:
    for path in paths:
        if not os.path.isdir(path):
            yield path
        for folder, folders, names in os.walk(path):
            folders.sort()
            yield from (os.path.join(folder, name) for name in sorted(names))


def _shown(text: str) -> str:
    """Text of a log for a terminal: one line, nothing that moves the cursor or turns the direction of writing."""
    return re.sub("[\0-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]+", " ", text)


def _print_findings(report: dict[str, Any]) -> None:
    for finding in report["findings"]:
        print(f"{finding['status']}: {_shown(finding['title'])} [{finding['issue']}]")
        print(f"    {_shown(finding['summary'])}")
        for part in finding["evidence"][:1]:
            print(f"    {_shown(part['file'])}:{part['first_line']}  {_shown(part['excerpt'][:160])}")
        for step in finding["fix"][:1]:
            print(f"    first: {_shown(step)}")
        if finding["needs"]:
            print(f"    would be decided by: {', '.join(finding['needs'])}")
    for block in report["unexplained"]:
        print(f"unexplained: {_shown(block['file'])}:{block['first_line']}  {_shown(block['signature'])}")
    for file in report["files"]:
        if file["status"] != "complete":
            print(f"{file['status']}: {_shown(file['path'])}", _shown(file.get("note", "")))
    for issue in report.get("skipped", ()):
        print(f"not looked for: {issue['id']}: {_shown(issue['why'])}")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Says which known failures logs show, by the rules of a bundle.")
    parser.add_argument("bundle", help="folder of a bundle, or its bundle.json")
    parser.add_argument("logs", nargs="*", help="logs and exports, or folders of them")
    parser.add_argument("--json", action="store_true", help="print the whole report")
    parser.add_argument("--key", help="public key, PEM, that the bundle must be signed with")
    parser.add_argument("--least-serial", type=int, help="refuse an older release")
    chosen = parser.parse_args(arguments)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        if os.path.isdir(chosen.bundle):
            key = None
            if chosen.key is not None:
                with open(chosen.key, "rb") as file:
                    key = file.read()
            rules = verify(chosen.bundle, key, chosen.least_serial).rules
        elif chosen.key is not None or chosen.least_serial is not None:
            raise Fault("not-signed", "--key and --least-serial are about a folder with a manifest.json")
        else:
            with open(chosen.bundle, "rb") as file:
                rules = load(file.read(MAX_BYTES + 1))
    except (Fault, OSError) as fault:
        print(f"fixbook.py: {chosen.bundle}: {fault} [{getattr(fault, 'code', 'unreadable')}]", file=sys.stderr)
        return 2
    files = []
    has_failed = False
    for path in _evidence_files(chosen.logs):
        try:
            with open(path, "rb") as file:
                files.append((path, file.read()))
        except OSError as fault:
            print(f"fixbook.py: {path}: {fault}", file=sys.stderr)
            has_failed = True
    report = scan(rules, files)
    if chosen.json:
        print(canonical(report))
    else:
        _print_findings(report)
    # Who looked into nothing, or not for everything, has not found out that nothing is wrong.
    status = {file["status"] for file in report["files"]}
    if has_failed or "partial" in status or "complete" not in status:
        return 2
    if report["findings"] or report["unexplained"]:
        return 1
    return 2 if rules.skipped else 0


if __name__ == "__main__":
    sys.exit(main())
