"""Decide which lines make one article.

Reads states of lines; writes article numbers and joins. A headline opens an article, a byline behind the body closes
it; a body line that goes on from a broken one returns to its article, whatever stands between.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Sequence

from msgspec import Struct

from pipeline.pages.features import Look
from pipeline.pages.joining import PageJoins
from pipeline.pages.matter import Matter

HEADLINE = frozenset({"kicker", "title", "title_on", "subtitle"})
BODY = frozenset({"lead", "opening", "body", "body_on"})
LOOSE = frozenset({"section", "credit"})
OWN_SIGNS = frozenset(
    {"start:picture", "any:own_picture"}
)  # 图为, 受访者供图, （左）: the picture of the text around it
NEWS = frozenset({"start:date", "start:day_comma", "any:day", "any:named_place", "start:triangle", "stops_inside:2"})
AROUND, POINTS = 0.02, 0.1  # what the text around a picture is ahead by, and by such a sign
BARE = 0.3  # the same for a caption that says nothing of when: it cannot stand alone
NEAR = 10  # articles before and behind a picture that it may show
MOST_LINES = 80  # of an article that a picture is compared with
RETURN = {"body_on": 1.0, "body": 0.0, "lead": -3.0, "opening": -3.0}  # what a state adds to the score of a join
AWAY, FINISHED = 3.0, 0.5  # what a join loses where another article stands between, and where that one is finished
OPEN_KEPT = 4  # broken articles to which a line may return


class Draft(Struct):
    """An article while its lines are being gathered: indices of lines, and what the next line needs to know."""

    lines: list[int] = []
    has_title: bool = False
    has_body: bool = False
    has_caption: bool = False
    closed: bool = False
    remainder: bool = False
    pictured: bool = False
    last_body: int = -1


class Thresholds(Struct, frozen=True):
    """When words in common decide: shares of a line's telling words."""

    own_caption: float
    late_headline: float


class Gathering:
    """One walk over the lines of a page, which puts each line into an article."""

    def __init__(
        self, states: list[str], looks: Sequence[Look], matter: Matter, joins: PageJoins, thresholds: Thresholds
    ) -> None:
        self.states, self.looks, self.matter, self.joins, self.thresholds = states, looks, matter, joins, thresholds
        self.drafts: list[Draft] = []
        self.current: Draft | None = None
        self.photos: list[tuple[list[int], Draft | None]] = []  # caption groups, with the article around each

    def gather(self) -> list[int | None]:
        """Give the article number of each line, from 1 in the order of first lines."""
        index = 0
        while index < len(self.states):
            state = self.states[index]
            if state in HEADLINE:
                index = self._headline(index)
            elif state == "caption":
                index = self._photo(index)
            else:
                self._place(index, state)
                index += 1
        self._place_photos()
        return self._numbers()

    def _start(self, indices: list[int], *, titled: bool = False, remainder: bool = False) -> Draft:
        draft = Draft(lines=list(indices), has_title=titled, remainder=remainder)
        self.drafts.append(draft)
        self.current = draft
        return draft

    def _place(self, index: int, state: str) -> None:
        if state in LOOSE:
            return
        if state in BODY:
            self._body(index, state)
        elif state == "jump" and "start:remainder" in self.looks[index].features:
            self._start([index], remainder=True)
        else:
            draft = self.current or self._start([])
            if state == "byline_photo" and self.photos and self.photos[-1][0][-1] >= index - 2:
                self.photos[-1][0].append(index)
                return
            draft.lines.append(index)
            if state in ("byline_tail", "signature", "jump"):
                draft.closed = draft.has_body

    def _body(self, index: int, state: str) -> None:
        current = self.current
        look = self.looks[index]
        waiting = current is not None and not current.has_body
        headed = waiting and index > 0 and self.states[index - 1] in HEADLINE | {"byline_head"}
        broken = None if headed or "start:remainder" in look.features else self._broken(index, state)
        if broken is not None and not (waiting and state in ("lead", "opening")):
            draft = broken
        elif current is None:
            draft = self._start([])
        elif waiting:
            draft = current
        elif state == "opening" or "start:dateline" in look.features or "start:remainder" in look.features:
            draft = self._start([], remainder="start:remainder" in look.features)
        elif (state == "lead" and current.closed) or self._labelled(index, current):
            draft = self._start([])
        else:
            draft = current
        draft.lines.append(index)
        draft.has_body, draft.last_body = True, index
        draft.closed = draft.closed and state != "body_on"
        self.current = draft

    def _labelled(self, index: int, current: Draft) -> bool:
        """Say whether a section label stands between this line and an article that ended with a full stop."""
        return self.states[index - 1] == "section" and self.looks[current.last_body].ending == "stop"

    def _broken(self, index: int, state: str) -> Draft | None:
        """Find the article whose last body line breaks off and goes on here."""
        best, best_score = None, 0.0
        recent = [draft for draft in self.drafts[-OPEN_KEPT:] if draft.has_body]
        for distance, draft in enumerate(reversed(recent)):
            if self.looks[draft.last_body].ending == "stop":
                continue  # nothing goes on from a full stop
            score = self.joins.score(draft.last_body, index, across_heading=self._headed(draft)) + RETURN[state]
            if draft is not self.current:
                finished = self.current is None or self.current.closed or not self.current.has_body
                score -= FINISHED if finished else AWAY + (0.0 if state == "body_on" else AWAY)
                score -= 0.2 * distance
            if score > best_score:
                best, best_score = draft, score
        return best

    def _headed(self, draft: Draft) -> bool:
        """Say whether a subhead stands below the last body line of an article."""
        return any(self.states[i] == "subhead" for i in draft.lines[-3:] if i > draft.last_body)

    def _headline(self, index: int) -> int:
        """Take a run of headline lines: it opens an article, or belongs to the one above that has none."""
        end = split = index
        while end < len(self.states) and self.states[end] in HEADLINE:
            end += 1
        titles = [i for i in range(index, end) if self.states[i] == "title"]
        if len(titles) > 1:  # a headline below its article may stand right above the next one
            split = next((i for i in range(titles[0] + 1, end) if self.states[i] in ("kicker", "title")), index)
        if split > index and self._take_late(list(range(index, split)), end):
            return split
        run = list(range(index, end))
        if self._take_late(run, end) or self._take_caption(run, end):
            return end
        if self.current is not None and self.current.remainder and not self.current.has_body:
            self.current.lines.extend(run)
            self.current.has_title = True
        else:
            self._start(run, titled=True)
        return end

    def _take_late(self, run: list[int], end: int) -> bool:
        """Give a headline to the article above it if that has none, and if it shares more words than the text below."""
        draft = self.current
        if draft is None or draft.has_title or not draft.has_body:
            return False
        above = self.matter.share(run, [i for i in draft.lines if self.states[i] in BODY])
        below = self.matter.share(run, self._text_below(end))
        if above - below <= self.thresholds.late_headline and self._text_below(end):
            return False
        draft.lines.extend(run)
        draft.has_title = True
        return True

    def _take_caption(self, run: list[int], end: int) -> bool:
        """Give a headline to the picture above it if no text stands below it."""
        if not self.photos or self.photos[-1][0][-1] != run[0] - 1 or self._text_below(end):
            return False
        if end < len(self.states) and self.states[end] == "caption":
            return False  # it stands above a picture of its own
        self.photos[-1][0].extend(run)
        return True

    def _text_below(self, index: int) -> list[int]:
        """Give the first two lines of text below a headline, bylines and pictures passed over."""
        found: list[int] = []
        for i in range(index, min(index + 6, len(self.states))):
            state = self.states[i]
            if state in HEADLINE or state in LOOSE or state == "signature":
                break
            if state in BODY or state == "subhead":
                found.append(i)
        return found[:2]

    def _photo(self, index: int) -> int:
        """Take the lines of one picture, with the headline above them if it has no other text."""
        end = index
        while end < len(self.states) and self.states[end] in ("caption", "byline_photo"):
            end += 1
            if self.states[end - 1] == "byline_photo":
                break
        group = list(range(index, end))
        self.photos.append((group, self.current))
        if self.current is not None:
            self.current.has_caption = True
        return end

    def _place_photos(self) -> None:
        """Put each picture into the article whose news it shows, or make it one of its own."""
        drafts = sorted((draft for draft in self.drafts if draft.lines), key=lambda draft: min(draft.lines))
        firsts = [min(draft.lines) for draft in drafts]
        texts = [(draft, self.matter.all_pairs(draft.lines[:MOST_LINES])) for draft in drafts]
        for group, around in self.photos:
            place = bisect(firsts, group[0])
            near = texts[max(0, place - NEAR) : place + NEAR]
            if around is not None and not around.has_body and not around.remainder and not around.pictured:
                around.lines.extend(group)  # a headline with nothing but a picture under it
                around.pictured = self.states[group[-1]] == "byline_photo"
                continue
            captions = [i for i in group if self.states[i] == "caption"]
            ahead = AROUND
            if any(OWN_SIGNS & self.looks[i].features for i in captions):
                ahead += POINTS
            if around is not None and around.has_body and all(self._says_no_news(i) for i in captions):
                ahead += BARE
            shares = [
                (self.matter.share_in(captions, pairs) + (ahead if draft is around else 0.0), draft)
                for draft, pairs in near
            ]
            best = max(shares, key=lambda item: item[0], default=(0.0, None))
            if best[1] is not None and best[0] > self.thresholds.own_caption:
                best[1].lines.extend(group)
            else:
                self.drafts.append(Draft(lines=list(group)))

    def _says_no_news(self, index: int) -> bool:
        """Say whether a caption is one sentence that tells neither when nor where: 养殖户给牛添加饲料。"""
        features = self.looks[index].features
        signed = "end:photographer" in features
        return (
            not features & NEWS
            and (signed or "stops_inside:1" not in features)
            and ("end:stop" in features or (signed and "stops_inside:1" in features))
        )

    def _numbers(self) -> list[int | None]:
        numbers: list[int | None] = [None] * len(self.states)
        drafts = sorted((sorted(draft.lines) for draft in self.drafts if draft.lines), key=lambda lines: lines[0])
        for number, lines in enumerate(drafts, start=1):
            for index in lines:
                numbers[index] = number
        return numbers
