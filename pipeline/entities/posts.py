"""Find posts beside names: the person, the posts before the name, and the body or place of each post.

Reads the text; writes the layer "mentions". A chain is read from the name to the left: 云州市委宣传部|副部长、
市政府新闻办|主任|刘建国. Bylines are chains too: （记者 赵敏 通讯员 陈明）.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator, Sequence
from pathlib import Path

from ahocorasick_rs import AhoCorasick, MatchKind
from spacy.language import Language
from spacy.tokens import Doc

from pipeline.doc import text_of, write
from pipeline.entities.bodies import load_bodies, read_all
from pipeline.entities.names import load_names
from pipeline.entities.overlaps import keep_first, outside, titles
from pipeline.records import Mention, Offsets
from pipeline.rulefiles import alternatives

_SPACE = re.compile(r"[ \u3000]{0,2}(?:[：:][ \u3000]?)?")
_MORE_NAMES = re.compile(r"[、 \u3000]{1,2}|和(?!平)|，(?=[一-鿿]{2,3}[、，。])")
_CHAIN = re.compile(r"[、，,兼和]|[ \u3000]|，?兼任?|以及")
_ENDS = re.compile(r"[、，,。；;：:）)\s等和与]|$")
_PARTY = re.compile(
    r"(?:党委|党总支|党支部|团委|纪委|[省市县区州旗盟村镇乡]委|(?:村|社区|支部)?党(?:支部|总支|委))(?=\S)"
)
_LEADERS = frozenset({"省领导", "市领导", "县领导", "区领导", "州领导"})
_AREA = "省市县区州旗盟镇乡村"
_FORMER = re.compile(r"(?:时任|现任|新任|原|前|时任的|代)$")
_SHOT = re.compile(r"[ \u3000]?(?:文/图|图/文|摄影报道|摄影|摄)(?=[）)\s/]|$)")
_OPENS = re.compile(r"[\s，。；！？”」：,;]")
_NAMES_IN_BRACKETS = re.compile(r"[（(](?P<inside>[一-鿿][一-鿿 、\u3000·]{1,40})[）)][ \u3000]*(?=\n|$)")


@Language.factory("posts", assigns=["doc.spans"], default_config={"threshold": 35, "repeat": True})
def make_posts(nlp: Language, name: str, *, lexicon: Path, threshold: int, repeat: bool) -> Posts:
    """Build the stage; `lexicon` is the folder of the word lists.

    `threshold` is the weight from which on characters are a name; with `repeat`, a name found once is found wherever
    else it stands in the article.
    """
    return Posts(name=name, lexicon=Path(lexicon), threshold=threshold, repeat=repeat)


class Posts:
    """Read chains of posts around names."""

    def __init__(self, *, name: str, lexicon: Path, threshold: int, repeat: bool) -> None:
        self.name = name
        self.repeat = repeat
        self._names = load_names(lexicon, threshold)
        self._bodies = load_bodies(lexicon)
        self._people = frozenset(read_all(lexicon, "people.txt", "people_general.txt"))
        self._speaks = re.compile(alternatives(read_all(lexicon, "speaking_verbs.txt")))
        posts = read_all(lexicon, "posts.txt")
        self._known = frozenset(posts)
        self._count = len(posts)
        self._posts = AhoCorasick([*posts, *read_all(lexicon, "post_decoys.txt")], matchkind=MatchKind.LeftmostLongest)
        self._modifiers = tuple(sorted(read_all(lexicon, "post_modifiers.txt"), key=len, reverse=True))

    def find(self, doc: Doc) -> Iterator[Mention]:
        """Find persons, their posts, and the bodies and places of these posts."""
        text = text_of(doc)
        posts = [
            self._widen(text, start, end)
            for index, start, end in self._posts.find_matches_as_indexes(text)
            if index < self._count
        ]
        found = [mention for index in range(len(posts)) for mention in self._read_chain(text, posts, index)]
        found += [*self._read_bylines(text), *self._read_speakers(text)]
        found = keep_first(found)
        found += self._read_behind(text, posts, found)
        if self.repeat:
            found = keep_first([*found, *self._repeat(text, found)])
        yield from outside(found, titles(text))

    def __call__(self, doc: Doc) -> Doc:
        """Write what `find` finds."""
        return write(doc, "mentions", self.name, self.find(doc))

    def _widen(self, text: str, start: int, end: int) -> Offsets:
        """Take in what stands before a post and belongs to it: 常务副|部长."""
        widened = True
        while widened:
            widened = False
            for modifier in self._modifiers:
                if text.endswith(modifier, max(0, start - len(modifier)), start):
                    start -= len(modifier)
                    widened = True
                    break
        return start, end

    def _read_chain(self, text: str, posts: Sequence[Offsets], index: int) -> Iterator[Mention]:
        """Read the chain whose last post is this one, if a name follows it."""
        names = list(self._read_names(text, posts[index][1]))
        if not names:
            return
        yield from (Mention(start, end, "PER") for start, end in names)
        floor = posts[index - 1][1] if index else 0
        begin = yield from self._read_post(text, posts[index], floor)
        while index:
            index -= 1
            link = _CHAIN.fullmatch(text[posts[index][1] : begin])
            if link is None and posts[index][1] != begin:
                return
            floor = posts[index - 1][1] if index else 0
            begin = yield from self._read_post(text, posts[index], floor)

    def _read_names(self, text: str, end: int) -> Iterator[Offsets]:
        gap = _SPACE.match(text, end)
        start = gap.end() if gap else end
        stop = self._names.end_of(text, start)
        while stop is not None and text[start:stop] not in self._known:
            yield start, stop
            more = _MORE_NAMES.match(text, stop)
            if more is None:
                return
            start = more.end()
            stop = self._names.end_of(text, start)
            if stop is not None and not _ENDS.match(text, stop):
                return

    def _read_post(self, text: str, post: Offsets, floor: int) -> Generator[Mention, None, int]:
        """Find one post and its body; return where both begin."""
        start, end = post
        party = _PARTY.match(text, start, end)
        if party is not None:
            body = self._bodies.start_of(text, party.end(), floor=floor)
            area = text[party.start()] in _AREA or text.startswith("社区", party.start())
            if body is not None and body < start and (area or text[start - 1] in _AREA):
                yield Mention(body, party.end(), "ORG")
                yield Mention(party.end(), end, "TITLE")
                return body
        if text[start:end] in _LEADERS:
            place = self._bodies.start_of(text, start + 1, floor=floor)
            if place is not None and self._bodies.is_place(text[place : start + 1]):
                yield Mention(place, start + 1, "LOC")
                yield Mention(start + 1, end, "TITLE")
                return place
        yield Mention(start, end, "TITLE")
        edge = start
        former = _FORMER.search(text, max(0, start - 3), start)
        if former is not None:
            edge = former.start()
        body = self._bodies.start_of(text, edge, floor=floor)
        if body is None:
            return start
        name = text[body:edge]
        if self._bodies.is_place(name) or (len(name) >= 3 and name[-1] in _AREA):
            yield Mention(body, edge, "LOC")
        elif self._bodies.is_body(name):
            yield Mention(body, edge, "ORG")
        else:
            return start
        return body

    def _read_behind(self, text: str, posts: Sequence[Offsets], found: Sequence[Mention]) -> list[Mention]:
        """Find the posts right behind a person who is known or named elsewhere in the article: 李强|总理."""
        people = self._people | {text[m.start : m.end] for m in found if m.label == "PER" and m.end - m.start > 1}
        behind = []
        for start, end in posts:
            for size in range(min(8, start), 1, -1):
                if text[start - size : start] in people:
                    behind += [Mention(start - size, start, "PER"), Mention(start, end, "TITLE")]
                    break
        return behind

    def _read_bylines(self, text: str) -> Iterator[Mention]:
        for bracket in _NAMES_IN_BRACKETS.finditer(text):
            start, end = bracket.span("inside")
            names = []
            while start < end:
                stop = self._names.end_of(text, start)
                if stop is None or stop > end:
                    break
                names.append(Mention(start, stop, "PER"))
                more = _MORE_NAMES.match(text, stop, end)
                start = more.end() if more else stop
                if more is None:
                    break
            if start >= end:
                yield from names
        for shot in _SHOT.finditer(text):
            low = max(0, shot.start() - 5)
            for start in range(low, shot.start() - 1):
                if (start == 0 or _ENDS.match(text[start - 1])) and self._names.end_of(text, start) == shot.start():
                    yield Mention(start, shot.start(), "PER")
                    break

    def _read_speakers(self, text: str) -> Iterator[Mention]:
        """Find names that open a clause and speak: 。刘建国表示."""
        for verb in self._speaks.finditer(text):
            for start in range(max(0, verb.start() - 4), verb.start() - 1):
                opens = start == 0 or _OPENS.match(text[start - 1])
                common = self._bodies.is_word(text[start : verb.start()])
                if opens and not common and self._names.end_of(text, start) == verb.start():
                    yield Mention(start, verb.start(), "PER")
                    break

    def _repeat(self, text: str, found: Sequence[Mention]) -> Iterator[Mention]:
        names = {text[m.start : m.end] for m in found if m.label == "PER"}
        names = {name for name in names if len(name) >= 2 and not re.search(r"\s", name)}
        if not names:
            return
        automaton = AhoCorasick(sorted(names), matchkind=MatchKind.LeftmostLongest)
        for _, start, end in automaton.find_matches_as_indexes(text):
            if end - start > 2 or self._names.end_of(text, start) == end:
                yield Mention(start, end, "PER")
