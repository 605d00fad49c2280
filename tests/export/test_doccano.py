"""What goes to doccano comes back the same, whatever characters it has; what doccano would drop is named before."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import AnnotationError
from pipeline.export.doccano import decode_row, encode_line, encode_row, refusals
from pipeline.export.documents import (
    EDGE_LABELS,
    SPAN_LABELS,
    Document,
    Edge,
    Span,
    document,
    document_of,
    faults,
    marks_of,
    to_document,
)  # fmt: skip
from pipeline.export.utf16 import CodeUnits
from pipeline.records import (
    SCHEMA,
    Event,
    EventRecord,
    Mention,
    MentionRecord,
    Record,
    Relation,
    RelationRecord,
    Role,
    RoleRecord,
)  # fmt: skip

HARD = "𠮷😀👨\u200d👩\u200d👧e\u0301\r\n\n\t \u3000\u00a0\u2028\u0085\ufeff\x0b晋中市，,。\x1f\x7f"
TEXTS = st.text(alphabet=st.one_of(st.sampled_from(HARD), st.characters(exclude_categories=["Cs"])), min_size=1).filter(
    lambda text: "\0" not in text
)


@st.composite
def documents(draw: st.DrawFn) -> Document:
    text = draw(TEXTS)
    offsets = st.integers(0, len(text))
    pairs = st.tuples(offsets, offsets).map(sorted).filter(lambda pair: pair[0] < pair[1])
    spans = draw(
        st.lists(st.builds(lambda pair, label: Span(*pair, label), pairs, st.sampled_from(SPAN_LABELS)), max_size=8)
    )
    ends = st.sampled_from(spans) if spans else st.nothing()
    edges = draw(st.lists(st.builds(Edge, ends, ends, st.sampled_from(EDGE_LABELS)), max_size=8 if spans else 0))
    page = draw(st.one_of(st.none(), st.just("000_甲.txt")))
    return document(draw(st.text(alphabet="0-9甲", min_size=1)), page, text, spans, edges)


@given(TEXTS)
def test_code_units_are_those_of_utf_16(text: str) -> None:
    units = CodeUnits(text)
    for offset in range(len(text) + 1):
        assert units.of(offset) == len(text[:offset].encode("utf-16-le")) // 2
        assert units.to_code_points(units.of(offset)) == offset


@pytest.mark.parametrize(("text", "offset"), [("𠮷野", 1), ("野𠮷", 2), ("野", 2), ("", 1), ("野", -1)])
def test_a_code_unit_inside_a_character_or_outside_the_text_is_refused(text: str, offset: int) -> None:
    with pytest.raises(ValueError, match=str(offset)):
        CodeUnits(text).to_code_points(offset)


@given(documents())
def test_a_line_read_back_is_the_document(found: Document) -> None:
    line = encode_line(found)
    assert line.isascii() and line.count(b"\n") == 1
    assert decode_row(json.loads(line)) == found


@given(documents(), st.randoms(use_true_random=False))
def test_the_order_and_the_ids_of_labels_do_not_matter(found: Document, random) -> None:
    row = encode_row(found)
    numbers = {entity["id"]: random.randrange(10**9) * 100 + n for n, entity in enumerate(row["entities"])}
    for entity in row["entities"]:
        entity["id"] = numbers[entity["id"]]
    for relation in row["relations"]:
        relation.update(from_id=numbers[relation["from_id"]], to_id=numbers[relation["to_id"]])
    random.shuffle(row["entities"])
    random.shuffle(row["relations"])
    assert decode_row({"id": 7, "Comments": [], **row}) == found


@given(documents())
def test_code_units_stand_at_the_surface_of_the_span(found: Document) -> None:
    raw = found.text.encode("utf-16-le")
    for span, entity in zip(found.spans, encode_row(found)["entities"], strict=True):
        surface = raw[2 * entity["start_offset"] : 2 * entity["end_offset"]].decode("utf-16-le")
        assert surface == found.text[span.start : span.end]


@given(documents(), documents())
def test_a_fingerprint_tells_documents_apart(one: Document, other: Document) -> None:
    same = (one.text, one.spans, one.edges) == (other.text, other.spans, other.edges)
    assert (one.fingerprint == other.fingerprint) is same


def test_all_lines_have_the_same_keys_and_strings_of_ours() -> None:
    rows = [encode_row(document(*parts, [], [])) for parts in (("1", None, "甲"), ("2", "p", "乙"))]
    assert rows[0].keys() == rows[1].keys()
    assert all(isinstance(row[key], str) for row in rows for key in row if key not in ("entities", "relations"))


ORG, PER, TRIGGER = Span(0, 4, "ORG"), Span(4, 6, "PER"), Span(6, 8, "investment")
TEXT = "恒远集团赵敏出资"


def doc(spans: list[Span], edges: list[Edge], text: str = TEXT, id: str = "1") -> Document:
    return document(id, None, text, spans, edges)


@pytest.mark.parametrize(
    ("found", "says"),
    [
        (doc([], [], text=""), "empty text"),
        (doc([], [], id=""), "no id"),
        (doc([], [], text="恒\0远"), r"U\+0000 at 1"),
        (doc([], [], text="恒\ud83d远"), r"U\+D83D at 1"),
        (doc([Span(4, 9, "PER")], []), r"\[4, 9\] is empty, or outside"),
        (doc([Span(4, 4, "PER")], []), r"\[4, 4\] is empty, or outside"),
        (doc([ORG], [Edge(ORG, PER, "agent")]), "ends at a span that is not there"),
        (doc([Span(0, 4, " ORG")], []), "blanks at its ends"),
        (doc([Span(0, 4, "O" * 101)], []), "longer than 100"),
    ],
)
def test_what_doccano_would_drop_or_choke_on_is_named(found: Document, says: str) -> None:
    with pytest.raises(AnnotationError, match=says):
        raise AnnotationError("; ".join(refusals(found)))


@pytest.mark.parametrize("text", [TEXT, "😀" + TEXT, "\r\n\t " + TEXT, "恒\ufeff远集团赵敏出资"])
def test_what_doccano_keeps_is_not_refused(text: str) -> None:
    assert list(refusals(doc([ORG, PER, TRIGGER], [Edge(TRIGGER, PER, "agent")], text=text))) == []


@pytest.mark.parametrize(
    ("spans", "edges", "says"),
    [
        ([ORG, Span(0, 6, "PER")], [], "overlap"),
        ([Span(0, 4, "Firma")], [], "unknown label 'Firma'"),
        ([ORG, PER], [Edge(ORG, PER, "kennt")], "unknown relation 'kennt'"),
        ([ORG, TRIGGER], [Edge(TRIGGER, ORG, "invests_in")], "invests_in joins mentions"),
        ([ORG, PER], [Edge(ORG, PER, "agent")], "agent goes from a trigger to a mention"),
        ([TRIGGER, Span(0, 2, "launch")], [Edge(TRIGGER, Span(0, 2, "launch"), "theme")], "theme goes from a trigger"),
    ],
)
def test_what_the_scheme_cannot_hold_is_named(spans: list[Span], edges: list[Edge], says: str) -> None:
    assert [what for what in faults(doc(spans, edges)) if says in what]


def test_a_trigger_inside_a_mention_is_no_fault() -> None:
    assert list(faults(doc([Span(0, 8, "PROJECT"), TRIGGER], [Edge(TRIGGER, Span(0, 8, "PROJECT"), "theme")]))) == []


def test_a_text_changed_in_doccano_is_refused() -> None:
    row = {**encode_row(doc([ORG], [])), "text": TEXT[:-1]}
    with pytest.raises(AnnotationError, match="the text was changed"):
        decode_row(row, where="http://localhost/projects/1")


def test_an_example_of_someone_else_is_refused() -> None:
    with pytest.raises(AnnotationError, match="not pushed from here"):
        decode_row({"text": TEXT, "entities": [], "relations": []})


def test_an_offset_in_the_middle_of_a_character_is_refused() -> None:
    row = encode_row(document("1", None, "𠮷野", [Span(1, 2, "LOC")], []))
    row["entities"][0]["start_offset"] = 1
    with pytest.raises(AnnotationError, match="inside a character"):
        decode_row(row)


@dataclass(frozen=True)
class Marks:
    mentions: tuple[Mention, ...]
    relations: tuple[Relation, ...]
    events: tuple[Event, ...]


MARKS = Marks(
    (Mention(0, 4, "ORG"), Mention(4, 6, "PER")),
    (Relation((4, 6), (0, 4), "invests_in"),),
    (Event(6, 8, "investment", roles=(Role("agent", (4, 6)), Role("theme", (0, 4)))), Event(7, 8, "launch")),
)


def test_marks_turned_into_spans_and_edges_come_back() -> None:
    found = to_document("1", None, TEXT, mentions=MARKS.mentions, relations=MARKS.relations, events=MARKS.events)
    assert Marks(*marks_of(decode_row(encode_row(found)))) == MARKS


def test_a_record_gives_the_document_of_its_marks() -> None:
    record = Record(
        schema=SCHEMA, id="1", page="p.txt", kind="article", title=None, date=None, byline=(), text=TEXT, page_map=(),
        sentences=(), tokens=(), entities=(), facts=(),
        mentions=(
            MentionRecord("m0-4", 0, 4, "ORG", "恒远集团", None, None, "x", 0.9),
            MentionRecord("m4-6", 4, 6, "PER", "赵敏", None, None, "x", 0.8),
        ),
        relations=(RelationRecord("r", "invests_in", "m4-6", "m0-4", 0, "x", 0.7),),
        events=(
            EventRecord("v6-8", "investment", 6, 8, "出资", "x", 0.5, "planned",
                        (RoleRecord("agent", "m4-6", 0.5), RoleRecord("theme", "m0-4", 0.5))),
            EventRecord("v7-8", "launch", 7, 8, "资", "x", 0.5, "done", ()),
        ),
    )  # fmt: skip
    found = document_of(record)
    assert found == to_document(
        "1", "p.txt", TEXT, mentions=MARKS.mentions, relations=MARKS.relations, events=MARKS.events
    )
