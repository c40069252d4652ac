"""The published module in Python: the document of every case.

    host.py ENGINE BUNDLE DIR

Writes DIR/python/N.json for the case on line N of DIR/cases.jsonl.
"""

import json
import pathlib
import sys

engine_dir, bundle, folder = map(pathlib.Path, sys.argv[1:])
sys.dont_write_bytecode = True
sys.path.insert(0, str(engine_dir))
import fixbook  # noqa: E402

engine = fixbook.open(engine_dir / "fixbook.wasm", bundle)
out = folder / "python"
out.mkdir(exist_ok=True)
for number, line in enumerate((folder / "cases.jsonl").read_text("utf-8").splitlines()):
    scan = engine.scan()
    for name in json.loads(line)["files"]:
        scan.file(name)
        scan.push((folder / name).read_bytes())
        scan.end()
    (out / f"{number}.json").write_text(scan.json(), "utf-8", newline="\n")
