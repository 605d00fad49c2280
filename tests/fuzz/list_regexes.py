"""Print every regular expression that the package compiles: when it is imported, built from configs, and run.

Run as a script, since modules that are imported already compile nothing: CONFIG… Prints one JSON object an expression:
its source, its flags, and where in the package it is compiled.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

FOUND: dict[tuple[str, int], str] = {}
compile_any = re._compile


def compile_and_note(pattern, flags):
    frame = sys._getframe(1)
    while frame is not None and not frame.f_code.co_filename.endswith("list_regexes.py"):
        path = Path(frame.f_code.co_filename)
        if path.name == "rulefiles.py":  # which compiles for others
            frame = frame.f_back
            continue
        if "pipeline" in path.parts and "site-packages" not in path.parts:
            if isinstance(pattern, str):
                FOUND.setdefault((pattern, int(flags)), f"{'/'.join(path.parts[-2:])}:{frame.f_lineno}")
            break
        if "importlib" not in str(path) and path.parent.name != "re" and path.name != "re.py":
            break  # compiled by another package
        frame = frame.f_back
    return compile_any(pattern, flags)


def main(configs: list[str]) -> None:
    re._compile = compile_and_note
    from pipeline import build
    from pipeline.batch.fuzz import check_text
    from pipeline.batch.mutations import mutated_page

    for config in configs:
        reader, nlp = build.load_page_reader(config), build.load(config)
        for number in range(12):
            check_text(mutated_page(0, number), reader, nlp)
    for (source, flags), where in FOUND.items():
        print(json.dumps({"source": source, "flags": flags, "where": where}))


if __name__ == "__main__":
    main(sys.argv[1:])
