"""Time the reader over many articles: python tests/browser/measure_reader.py [ARTICLES].

Each time is to the next frame that the browser shows; the smallest and the middle one of several are told.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from chromium import Window
from made_pages import lay_out
from markup import parse

from pipeline.reader.html import as_html
from pipeline.reader.show import show
from pipeline.records import SCHEMA, EventRecord, MentionRecord, Record, RelationRecord, RoleRecord

SURNAMES, GIVEN, PLACES = "赵钱孙李周吴郑王冯陈", "敏立丹强芳军洋涛娟磊", "云江河海山湖岭原泉溪"
TRADES, POSTS = ("重工", "能源", "药业", "钢铁", "生物"), ("董事长", "总经理", "厂长", "党委书记", "副总经理")
ROUNDS = 9
FRAME = "const done = arguments[arguments.length - 1]; const begin = performance.now(); {}; requestAnimationFrame(() => setTimeout(() => done(performance.now() - begin)));"
SET = (
    "const f = document.getElementById('{0}'); f.value = '{1}'; f.dispatchEvent(new Event('input', {{bubbles: true}}))"
)


def make_article(number: int) -> Record:
    """Give an article of a thousand characters, with six names, a post, an investment and a meeting."""
    person = SURNAMES[number % 10] + GIVEN[number // 10 % 10] + GIVEN[number // 100 % 10]
    place = PLACES[number % 10] + PLACES[number // 7 % 10] + "市"
    company = f"{place[:2]}{TRADES[number % 5]}集团"
    post, other = POSTS[number % 5], SURNAMES[number // 3 % 10] + GIVEN[number // 5 % 10]
    amount, project = f"{number % 90 + 1}亿元", f"年产{number % 50 + 1}万吨材料项目"
    filling = "\n".join(
        "当天的会议还听取了各方面的意见，大家结合实际谈了看法，并就下一步的安排作了说明。" * 5 for _ in range(5)
    )
    marked = f"第{number}号消息\n[{company}|ORG][{post}|TITLE][{person}|PER]昨天在[{place}|LOC]会见[{other}|PER]，出资[{amount}|MONEY]建设[{project}|PROJECT]。\n{filling}"
    text, mentions = parse(marked)
    ids = {text[m.start : m.end]: f"m{m.start}-{m.end}" for m in mentions}
    events = (
        ("meeting", "会见", {"agent": person, "participant": other}),
        ("investment", "出资", {"agent": company, "amount": amount}),
    )
    edges = (("position_held", person, post), ("position_in", post, company), ("invests_in", company, project))
    return Record(
        schema=SCHEMA, id=f"{number // 8:03}-{number % 8 + 1}", page=None, kind="article", title=f"第{number}号消息",
        date=f"2024-{number % 12 + 1:02}-{number % 28 + 1:02}", byline=(), text=text, page_map=(), sentences=((0, len(text)),),
        tokens=tuple((at, at + 1) for at in range(len(text))), entities=(),
        mentions=tuple(
            MentionRecord(f"m{m.start}-{m.end}", m.start, m.end, m.label, text[m.start : m.end], None, None, "encoder", 0.9) for m in mentions
        ),
        relations=tuple(RelationRecord(f"r{n}", kind, ids[a], ids[b], 0, "rules", 0.8) for n, (kind, a, b) in enumerate(edges)),
        events=tuple(
            EventRecord(f"v{n}", kind, text.index(says), text.index(says) + 2, says, "encoder", 0.9, "done", tuple(RoleRecord(role, ids[name], 0.9) for role, name in roles.items()))
            for n, (kind, says, roles) in enumerate(events)
        ),
        facts=(
            {"type": "official_post", "person": ids[person], "post": ids[post], "body": ids[company], "probability": 0.5 + number % 50 / 100},
            {"type": "investment", "investor": ids[company], "target": ids[project], "amount": ids[amount], "stage": "planned", "evidence": ["v1"]},
        ),
    )  # fmt: skip


def make_many(folder: Path, number: int) -> Path:
    """Write so many records on pages of eight."""
    records, pages = b"", b""
    for first in range(0, number, 8):
        articles = [make_article(each) for each in range(first, min(first + 8, number))]
        records += lay_out(folder, *articles, name=f"{first // 8:03}.txt").read_bytes()
        pages += (folder / "pages.jsonl").read_bytes()
    (folder / "pages.jsonl").write_bytes(pages)
    (folder / "records.jsonl").write_bytes(records)
    return folder / "records.jsonl"


def main() -> None:
    """Make the page, open it, and do what a person does."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        records, page = make_many(folder, number), folder / "reader.html"
        begin = perf_counter()
        page.write_text(as_html(show(records, pages=folder)), encoding="utf-8")
        print(f"{number} articles, {sum(map(len, records.open(encoding='utf-8'))):,} characters of records")
        print(f"baozhi show: {perf_counter() - begin:.2f} s, {page.stat().st_size:,} bytes")
        window = Window(folder / "profile")
        try:
            _measure(window, page)
        finally:
            window.close()


def _measure(window: Window, page: Path) -> None:
    opened = []
    for _ in range(5):
        window.open(page)
        opened.append(window.run("return performance.timing.domContentLoadedEventEnd - performance.timing.fetchStart"))
    print(f"open until it answers: {min(opened):.0f} ms, middle {median(opened):.0f} ms")
    acts = {
        "next article": "document.dispatchEvent(new KeyboardEvent('keydown', {key: 'n', bubbles: true}))",
        "next fact, lit in article and page": "document.dispatchEvent(new KeyboardEvent('keydown', {key: 'j', bubbles: true}))",
        "search, first letter": SET.format("text", "云"),
        "search, none left out": SET.format("text", ""),
        "filter by a person": SET.format("person", "赵"),
        "filter by probability": SET.format("minimum", "0.8"),
        "clear": "document.getElementById('filters').reset()",
        "people and posts": "document.getElementById('tab-posts').click()",
        "timeline": "document.getElementById('tab-timeline').click()",
        "ties": "document.getElementById('tab-ties').click()",
        "filter in ties": SET.format("company", "云"),
    }
    times: dict[str, list[float]] = {act: [] for act in acts}
    for _ in range(ROUNDS):
        window.open(page)
        for act, script in acts.items():
            times[act].append(window.driver.execute_async_script(FRAME.format(script)))
    for act, taken in times.items():
        print(f"{act}: {min(taken):.0f} ms, middle {median(taken):.0f} ms")


if __name__ == "__main__":
    main()
