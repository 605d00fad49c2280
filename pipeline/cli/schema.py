"""`baozhi schema`: the JSON Schema of a line of records.jsonl."""

from __future__ import annotations

import json

from pipeline.records import record_schema


def schema_command() -> None:
    """Print the JSON Schema of one record."""
    print(json.dumps(record_schema(), ensure_ascii=False, indent=2))
