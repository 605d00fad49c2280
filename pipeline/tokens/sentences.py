"""The stage `sentences`: where each sentence begins.

Reads the text; writes `token.is_sent_start`. The rule follows GB/T 15834-2011, the national standard of punctuation:
。？！ close a sentence, ；：，、 stand inside one, and an omission …… does either.

- A line feed always ends a sentence; white space belongs to the sentence before it.
- A run of end marks ends a sentence, together with the closing quotes and brackets behind it, unless a mark follows
  with which the sentence goes on: `“走吧！”，他说`.
- A quotation or bracket of at most `short_quote` characters is a part of its sentence: nothing ends inside it, and a
  ！ ？ or …… before its closing mark ends nothing: `他说：“好！”然后走了`. A 。 there does: by the standard it stands
  inside only if the quotation is a sentence of its own: `“散会。”|会议强调`.
- In a title, `《谁来养老？》`, of at most `longest_title` characters nothing ends at all.
- A longer quotation has sentences of its own. One that is not closed on its line does not count as a quotation.
- An omission ends a sentence where a new one can follow: not behind an enumeration (`桃、李……都开了`) nor behind a
  few characters of hesitation (`这……不行`).
- Half-width marks: `.` and `．` end a sentence behind a Chinese character only, and only before a blank, a closing mark
  or the line's end: not in `3.5`, `No.1` or `约翰.史密斯`; `?` and `!` never before a Latin letter or a digit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from spacy.language import Language
from spacy.tokens import Doc

from pipeline.doc import mark_sentences, split_tokens, text_of
from pipeline.errors import ConfigError
from pipeline.tokens.quotes import Quotes

_LINE = re.compile(r"[^\n\r\v\f\x85\u2028\u2029]+")
_BLANKS = re.compile(r"\s*")
_CHINESE = re.compile(r"[\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_OPENS_CLAUSE = re.compile(r"[，,；;：:]")
_COMPLETE = frozenset("。｡")  # inside a quotation it stands only if that is a sentence of its own
_HALF_WIDTH = frozenset("?!")
_OMISSION = frozenset("….．")  # one . is a period, more are an omission
_PERIODS = frozenset(".．")
_ENUMERATES = "、"
_LONGEST_CLAUSE = 100
_SHORTEST_CLAUSE = 4  # characters: 这…… is hesitation and 一. a number, 焊花飞溅…… is a clause


@Language.factory(
    "sentences",
    assigns=["token.is_sent_start"],
    default_config={
        "end_marks": "。｡！？!?.．…",
        "going_on": "，、；：,;:。！？!?.．…—～~",
        "pairs": '“”‘’「」『』（）()【】[]〔〕〖〗""',
        "title_pairs": "《》〈〉",
        "short_quote": 16,
        "longest_title": 100,
    },
)
def make_sentences(  # noqa: PLR0917
    nlp: Language,
    name: str,
    end_marks: str,
    going_on: str,
    pairs: str,
    title_pairs: str,
    short_quote: int,
    longest_title: int,
) -> Sentences:
    """Build the stage.

    `pairs` and `title_pairs` write each opening mark before its closing mark; behind an end mark, a mark of `going_on`
    says that the sentence goes on; `short_quote` and `longest_title` count characters between the marks of a pair.
    """
    quotes = Quotes(  # a config may give numbers as strings
        pairs=pairs, longest=int(short_quote), title_pairs=title_pairs, longest_title=int(longest_title)
    )
    return Sentences(name=name, end_marks=end_marks, going_on=going_on, quotes=quotes)


class Sentences:
    """Set where each sentence begins, and split a token that would reach over such a place."""

    def __init__(self, *, name: str, end_marks: str, going_on: str, quotes: Quotes) -> None:
        if not end_marks or end_marks != "".join(end_marks.split()):
            raise ConfigError(f"[components.{name}] end_marks = {end_marks!r}", remedy="name the marks, without blanks")
        self.name = name
        self._ends = re.compile(f"[{re.escape(end_marks)}]+")
        self._going_on = frozenset(going_on)
        self._quotes = quotes

    def __call__(self, doc: Doc) -> Doc:
        """Write the sentence starts of one document."""
        starts = [0, *self.find(text_of(doc))]
        split_tokens(doc, starts)
        mark_sentences(doc, starts)
        return doc

    def find(self, text: str) -> Iterator[int]:
        """Find, in order, the offsets at which a sentence begins behind another one."""
        is_first = True
        for line in _LINE.finditer(text):
            begin, end = _skip_blanks(text, line.start(), line.end()), line.end()
            if begin < end:
                if not is_first:
                    yield begin
                is_first = False
                yield from self._find_in_line(text, begin, end)

    def _find_in_line(self, text: str, begin: int, end: int) -> Iterator[int]:
        short, closings = self._quotes.match(text, begin, end)
        by_closing = {quotation.closing: quotation for quotation in short}
        inside_until = -1  # the closing mark of the short quotation that the place looked at stands in
        coming = 0
        clause = begin  # the clause before an end mark begins behind the end mark before
        for run in self._ends.finditer(text, begin, end):
            while coming < len(short) and short[coming].opening < run.start():
                inside_until = max(inside_until, short[coming].closing)
                coming += 1
            close = _close(text, run.end(), end, closings)
            following = _skip_blanks(text, close, end)
            if following >= end:
                return
            before, clause = clause, clause if _is_point(text, run) else close
            if run.start() == begin or close <= inside_until or text[following] in self._going_on:
                continue
            closed = [by_closing[offset] for offset in range(run.end(), close) if offset in by_closing]
            if any(quotation.is_title for quotation in closed):
                continue
            if closed and not _COMPLETE & set(run[0]) and not _is_period(run):
                continue
            if _ends_sentence(text, run, before=before, close=close, following=following):
                yield following
                begin = clause = following


def _ends_sentence(text: str, run: re.Match[str], *, before: int, close: int, following: int) -> bool:
    """Tell whether a run of marks ends a sentence, quotations apart."""
    marks = set(run[0])
    if marks <= _OMISSION:
        clause = _OPENS_CLAUSE.split(text[max(before, run.start() - _LONGEST_CLAUSE) : run.start()])[-1]
        if _is_period(run):
            ends_word = bool(clause) and (_CHINESE.match(clause[-1]) is not None or not clause[-1].isalnum())
            return ends_word and len(clause) >= _SHORTEST_CLAUSE and following > run.end()
        return close > run.end() or (len(clause) >= _SHORTEST_CLAUSE and _ENUMERATES not in clause)
    return not (marks <= _HALF_WIDTH and text[run.end()].isascii() and text[run.end()].isalnum())


def _is_period(run: re.Match[str]) -> bool:
    return len(run[0]) == 1 and run[0] in _PERIODS


def _is_point(text: str, run: re.Match[str]) -> bool:
    """Tell whether the run is a point inside a number or a name: `3.5`, `约翰.史密斯`."""
    return _is_period(run) and text[run.end() : run.end() + 1].isalnum()


def _close(text: str, offset: int, end: int, closings: set[int]) -> int:
    """Give the end of the closing marks behind an end mark; blanks may stand before each: `。 ”`."""
    while (mark := _skip_blanks(text, offset, end)) < end and mark in closings:
        offset = mark + 1
    return offset


def _skip_blanks(text: str, offset: int, end: int) -> int:
    match = _BLANKS.match(text, offset, end)
    return offset if match is None else match.end()
