"""A made-up newspaper page of a few articles, with names that a page must not take for markup."""

from __future__ import annotations

from pathlib import Path

from made_pages import lay_out
from made_records import INVESTMENT, Plain, make_record

from pipeline.reader.html import as_html
from pipeline.reader.show import show

HOSTILE_BODY, HOSTILE_PERSON = "</script><img src=x onerror=hack()>", "<svg/onload=hack()>"

POSTS = make_record(
    "云州换届\n昨天，[云州市|LOC][市长|TITLE][钱立|PER]会见[𠮷野银行|ORG][行长|TITLE][孙𠮷|PER]。😀[老钱|PER]说好。",
    id="003-7",
    title="云州换届",
    entities=[["钱立", "老钱"]],
    relations=[
        ("position_held", "钱立", "市长"), ("position_in", "市长", "云州市"), ("position_held", "孙𠮷", "行长", 0.5),
        ("position_in", "行长", "𠮷野银行", 0.5),
    ],
    events=[("meeting", "会见", {"agent": "钱立", "participant": "孙𠮷"})],
    facts=[
        {"type": "official_post", "person": "钱立", "post": "市长", "body": "云州市", "as_of": Plain("2024-12-03"),
         "status": Plain("current"), "probability": 0.9, "source": "facts", "evidence": []},
        {"type": "official_post", "person": "孙𠮷", "post": "行长", "body": "𠮷野银行", "probability": 0.4, "source": "facts"},
    ],
)  # fmt: skip
HOSTILE = make_record(
    f"[{HOSTILE_BODY}|ORG]的[经理|TITLE][{HOSTILE_PERSON}|PER]签约<b>粗</b>&amp;。\n<!-- 注释 -->",
    id='<i>"7"</i>',
    title="</title><script>hack()</script>",
    relations=[("position_held", HOSTILE_PERSON, "经理"), ("position_in", "经理", HOSTILE_BODY)],
    events=[("agreement", "签约", {"agent": HOSTILE_BODY})],
    facts=[{"type": "official_post", "person": HOSTILE_PERSON, "post": "经理", "body": HOSTILE_BODY}],
)
EMPTY = make_record("（空）今天没有消息。", id="003-8", title="空")
RECORDS = (INVESTMENT, POSTS, HOSTILE, EMPTY)


def make_reader(folder: Path, *, pages: bool = True) -> Path:
    """Write the reader of this page."""
    records = lay_out(folder, *RECORDS)
    if not pages:
        (folder / "pages.jsonl").unlink()
    page = folder / "reader.html"
    page.write_text(as_html(show(records, pages=folder if pages else None)), encoding="utf-8")
    return page
