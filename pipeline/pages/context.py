"""Describe the lines of a page by their neighbours: headings in a cluster, blanks, words shared with the text around.

Reads what each line looks like; writes one set of feature names a line. Each step is linear in the page.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from pipeline.pages.features import Look, RawLine
from pipeline.pages.headings import compare_headings
from pipeline.pages.joining import PageJoins
from pipeline.pages.texts_around import TextsAround

SENTENCE = 70  # code points of a sentence that may stand under a picture
LETTER = 8  # lines of text that a letter to the editor may have
NO_SCENE = frozenset(
    {
        "start:connective",
        "start:quote",
        "start:question",
        "start:number_mark",
        "start:dateline",
        "stops_inside:2",
        "asks",
        "start:greeting",
        "end:signed",
        "speaker_again",
        "whole:table",
        "whole:closing_formula",
    }
)  # what a sentence under a picture does not have
_SPEAKER = re.compile(r"([㐀-鿿]{1,4})[：:]")
_CARRIED = (
    "start:dash", "byline:has_photo", "byline:bracketed", "byline:bare", "start:greeting", "start:remainder", "whole:table",
    "whole:section_word", "whole:section_ending", "end:signed", "start:answer", "start:number_mark", "start:triangle",
    "whole:closing_formula", "whole:date_alone", "end:announcement", "end:body_name", "whole:jump", "start:dateline",
    "start:day_comma", "end:photographer", "start:picture", "byline:spaced", "byline:has_role", "asks", "whole:rank",
    "start:connective", "start:first_second", "start:bullet", "whole:day_alone",
)  # fmt: skip


def describe(raw: Sequence[RawLine], looks: Sequence[Look], joins: PageJoins) -> Iterator[set[str]]:
    """Give the features of every line of a page, its own and those of its place."""
    series = _series(looks)
    signing = _signing(looks)
    heads, tails = _byline_habits(looks)
    broken = _broken_above(looks, joins)
    marked = sum(line.marks > 0 for line in raw) * 12 > len(raw)
    gaps = sum(line.blanks > 0 for line in raw) * 2 > len(raw)
    speakers = Counter(match[1] for look in looks if (match := _SPEAKER.match(look.content)))
    clusters = _clusters(looks)
    texts = TextsAround(looks)
    opened = _open_above(looks)
    letters = _letters(looks)
    headings = compare_headings(raw, looks, joins.joins.breaks)
    last = len(raw) - 1
    for index, (line, look) in enumerate(zip(raw, looks, strict=True)):
        before = looks[index - 1] if index else None
        after = looks[index + 1] if index < last else None
        second = looks[index + 2] if index + 1 < last else None
        found = set(look.features)
        size = "long" if look.long else "short"
        found.add(f"mark:{size}" if line.marks else f"no_mark_on_marked_page:{size}" if marked else "no_marks")
        above, below = line.blanks > 0, index < last and raw[index + 1].blanks > 0
        found.add(f"blanks:{'habit' if gaps else 'rare'}:{above:d}{below:d}")
        found.add(f"top:{index}" if index < 4 else f"bottom:{last - index}" if last - index < 3 else "middle")
        pair = f"{before.kind if before else 'edge'}:{after.kind if after else 'edge'}"
        found.add(f"above:{before.kind if before else 'edge'}")
        found.add(f"below:{after.kind if after else 'edge'}")
        found.update(_carried(before, "above"))
        found.update(_carried(after, "below"))
        if before:
            found.add(f"above_ends:{before.ending}:{'long' if before.long else 'short'}")
        if "whole:date_alone" in look.features or "whole:date_line" in look.features:
            signed = before is not None and (before.long or "end:body_name" in before.features or signing[index - 1])
            edge = opened[index] == "no_text_above" or (last - index < 2 and not signed)
            found.add("dated:edge" if edge else "dated:inside")
        speaker = _SPEAKER.match(look.content)
        if speaker and speakers[speaker[1]] > 1:
            found.add("speaker_again")
        found.add(f"{size}:{opened[index]}")
        found.update(broken[index])
        found.update(headings[index])
        if look.ending == "stop" and len(look.content) <= SENTENCE and not look.features & NO_SCENE:
            signed = before is not None and (before.kind == "byline" or "end:signed" in before.features)
            found.add("lone_sentence")
            if signed or (
                before and before.kind in ("short", "label", "loose", "photo") and not before.features & {"asks"}
            ):
                ends = after is None or after.kind in ("short", "label", "loose", "byline", "photo", "jump")
                found.add(f"lone_sentence:{'signed' if signed else 'apart'}:{'ends' if ends else 'text_below'}")
            if "any:scene" in look.features:
                found.add("lone_sentence:scene")
            if "clauses:0" in look.features and len(look.content) > 7:
                between = any(name.startswith("interrupts") for name in broken[index])
                found.add(f"lone_sentence:one_clause:{'interrupts' if between else opened[index]}")
        near = looks[index + 1 : index + 3]
        if any("byline:has_photo" in other.features or "end:photographer" in other.features for other in near):
            found.add(f"photographer_near:{size}")
        if series[index]:
            found.add(series[index])
        if signing[index]:
            found.add("signs")
        if letters[index]:
            found.add(f"ends_letter:{size}:{look.ending}")
        found.update(texts.compare(index))
        if not look.long:
            found.add(f"between:{pair}")
            found.add(f"below2:{after.kind if after else 'edge'}:{second.kind if second else 'edge'}")
            if line.marks or marked:
                found.add(f"between:{pair}:{'mark' if line.marks else 'no_mark'}")
            if look.kind == "short" and look.ending != "comma" and after and after.long and _closes(before):
                found.add("heading_slot")
            if clusters[index]:
                found.add(clusters[index])
                found.add(f"{clusters[index]}:{before.kind if before and clusters[index].endswith('first') else 'in'}")
            if heads > 1:
                found.add(f"page_signs_heads:{'here' if after and after.kind == 'byline' else 'not_here'}")
            if tails > 1 and before:
                signed = before.kind == "byline" or "end:signed" in before.features
                found.add(f"page_signs_tails:{'above' if signed else 'not_above'}:{before.kind}")
            found.update(_compared(line, look, raw, looks, index))
        yield found


def _broken_above(looks: Sequence[Look], joins: PageJoins) -> list[set[str]]:
    """Say where a line goes on from broken text above it, and where it stands between the two halves of a sentence."""
    described: list[set[str]] = []
    above = -1
    for index, look in enumerate(looks):
        found: set[str] = set()
        described.append(found)
        if above >= 0:
            own = joins.score(above, index)
            place = ":below_short" if looks[index - 1].kind == "short" else ""
            found.add(
                f"goes_on:{'no' if own <= 0 else 'weakly' if own < 3 else 'clearly'}:{'long' if look.long else 'short'}{place}"
            )
            if own <= 4:
                rest = max((joins.score(above, later) for later in _later_texts(looks, index)), default=0.0)
                if rest > max(own, 2.0):
                    found.add(f"interrupts:{'long' if look.long else 'short'}")
        if look.kind in ("text", "dateline") and look.ending not in ("colon",):
            above = index if look.ending != "stop" and "end:signed" not in look.features else -1
    return described


def _later_texts(looks: Sequence[Look], index: int) -> list[int]:
    """Give the next lines of text, bylines passed over."""
    later = (i for i in range(index + 1, min(index + 5, len(looks))) if looks[i].kind in ("text", "dateline", "short"))
    return list(later)[:2]


def _series(looks: Sequence[Look]) -> list[str]:
    """Tell numbered headings, each above its text, from numbered items that follow one another."""
    numbered = [index for index, look in enumerate(looks) if "start:number_mark" in look.features and not look.long]
    heads = {
        i
        for i in numbered
        if i + 1 < len(looks) and looks[i + 1].kind == "text" and "start:number_mark" not in looks[i + 1].features
    }
    places = [""] * len(looks)
    for index in numbered:
        places[index] = "series:head" if index in heads and len(heads) > 1 else "series:item"
    return places


def _signing(looks: Sequence[Look]) -> list[bool]:
    """Mark the short lines, names of bodies above a date that stands alone, which sign a notice."""
    signs = [False] * len(looks)
    below = False
    begun = next((index for index, look in enumerate(looks) if look.kind in ("text", "dateline")), len(looks))
    for index in range(len(looks) - 1, -1, -1):
        features = looks[index].features
        dated = bool(features & {"whole:date_alone", "whole:day_alone"}) and index > begun
        signs[index] = dated or (
            below and not looks[index].long and looks[index].ending == "open" and "end:body_name" in features
        )
        below = signs[index]
    return signs


def _letters(looks: Sequence[Look]) -> list[bool]:
    """Mark the short line that ends the text begun by a salutation: 编辑同志： … 几名一线工人."""
    ends = [False] * len(looks)
    since = LETTER + 1
    for index, look in enumerate(looks):
        if "start:greeting" in look.features or ("whole:salute" in look.features and not look.long):
            since = 0
        elif look.kind == "text" or look.long:
            since += 1
        else:
            ends[index] = 0 < since <= LETTER
            since = LETTER + 1
    return ends


def _byline_habits(looks: Sequence[Look]) -> tuple[int, int]:
    """Count the bylines of a page that stand above a text, and those behind one."""
    heads = tails = 0
    for index, look in enumerate(looks):
        if look.kind == "byline" and "byline:has_photo" not in look.features:
            above = looks[index - 1].kind if index else ""
            below = looks[index + 1].kind if index + 1 < len(looks) else ""
            heads += above == "short" and below in ("text", "dateline")
            tails += above in ("text", "dateline") and below != "text"
        tails += "end:signed" in look.features
    return heads, tails


def _closes(look: Look | None) -> bool:
    """Say whether what stands above a line is finished: the page's edge, a byline, a label, or a text with its stop."""
    return look is None or look.kind in ("byline", "label", "loose") or (look.long and look.ending == "stop")


def _carried(look: Look | None, side: str) -> set[str]:
    """Take over what a neighbour has that decides: a subtitle's dash below a title."""
    return {f"{side}={name}" for name in _CARRIED if name in look.features} if look else set()


def _compared(line: RawLine, look: Look, raw: Sequence[RawLine], looks: Sequence[Look], index: int) -> set[str]:
    """Compare a short line with short lines next to it: which is marked, which is longer."""
    found = set()
    for offset, side in ((-1, "above"), (1, "below")):
        other = index + offset
        if 0 <= other < len(raw) and not looks[other].long and looks[other].kind in ("short", "label"):
            marks = raw[other].marks
            relation = "same" if bool(marks) == bool(line.marks) else "only_here" if line.marks else "only_there"
            if marks and line.marks and marks != line.marks:
                relation = "larger_here" if line.marks < marks else "larger_there"
            found.add(f"marks_{side}:{relation}")
            difference = len(look.content) - len(looks[other].content)
            found.add(
                f"length_{side}:{'longer_here' if difference > 3 else 'longer_there' if difference < -3 else 'same'}"
            )
    return found


def _clusters(looks: Sequence[Look]) -> list[str]:
    """Say where a short line stands in its run of short lines, and what follows the run."""
    places = [""] * len(looks)
    start = 0
    while start < len(looks):
        end = start
        while end < len(looks) and looks[end].kind in ("short", "label"):
            end += 1
        size = end - start
        after = looks[end].kind if end < len(looks) else "edge"
        for index in range(start, end):
            place = "only" if size == 1 else "first" if index == start else "last" if index == end - 1 else "inside"
            places[index] = f"run:{min(size, 4)}:{after}:{place}"
        start = max(end, start + 1)
    return places


def _open_above(looks: Sequence[Look]) -> list[str]:
    """Say for each line whether the running text above it, captions and bylines apart, ends in mid-sentence."""
    states = []
    state = "no_text_above"
    for look in looks:
        states.append(state)
        if look.kind in ("text", "dateline"):
            finished = look.ending in ("stop", "colon") or "end:signed" in look.features
            state = "closed_above" if finished else "open_above"
        elif look.kind == "byline" and "byline:has_photo" not in look.features:
            state = "signed_above" if state != "open_above" else state
    return states
