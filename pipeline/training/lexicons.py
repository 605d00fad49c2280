"""Build the word lists of configs/lexicon from openly licensed dictionaries, kept only where they name things.

An entry stays if the dictionary of core words does not use it as a common word, running news text knows it, and at
least nine in ten of its occurrences in annotated text lie in a mention of its label.
"""

from __future__ import annotations

import gzip
import json
import lzma
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from ahocorasick_rs import AhoCorasick, MatchKind
from msgspec import Struct

from pipeline.rulefiles import read_words
from pipeline.training.dictionaries import Sources, read_lines, read_sources, share_of

_TITLED = re.compile("《[^《》\n]*》")
_PAIR = re.compile("[中美俄英法德日韩朝欧印巴澳哈蒙泰马缅越]{2}|[中美俄英法]非")
_NOMINAL = ("n", "vn", "g", "j", "b", "a", "an")
_NOMINAL_FLOOR = -6
_BODY_PRIOR = 200  # imagined words of running text among the words of bodies' names
_NAME_OF_ALL = 400  # occurrences of a name in running text from which on it is never taken for part of a word
_FOLK = re.compile(".*(?:族|朝|教|代|系|文)")
_ADMIN_ENDING = re.compile(
    r"(.{2,}?)(?:特别行政区|(?:[\u4e00-\u9fff]{1,3}族)*自治[州县区旗]|维吾尔自治区|省|市|地区|盟|新区|林区|区|县|旗)"
)
_PEOPLES = re.compile(r"(?:[\u4e00-\u9fff]{1,2}族)+$|(?:维吾尔|哈萨克|蒙古|柯尔克孜|土家|布依|哈尼)(?:族)?$")
_TOWN = re.compile(r"[\u4e00-\u9fff]{2,5}(?:镇|乡|街道|苏木)")
_GROUND = re.compile(
    r"[\u4e00-\u9fff]{2,7}(?:镇|乡|村|省|市|县|区|旗|州|盟|半岛|群岛|岛|山脉|山|河|江|湖|水库|盆地|平原|高原|海峡|海湾|沙漠|草原|大桥|机场|口岸)"
)
_BODY = re.compile(
    r"[\u4e00-\u9fff]{2,18}(?:部|局|委|厅|院|会|署|办|社|台|报|银行|大学|学院|政府|议会|军|协会|联盟|组织|集团|公司|中心|党|法院|检察院|代表大会|人大|政协|工会|联合会|基金会|交易所|研究院|研究所|博物馆|图书馆|医院|出版社|中央|武装|警方|海关|总队|支队)"
)
_NO_BODY = re.compile(
    r"(?:工作|领导|大会|人民|各|该|本|我|两|一|某|有关|地方|当地|相关|所有|基层|上级|全体|全军|联合|国际)(?!.*(?:日报|大学|学院|集团))"
)
_COMPANY = re.compile(
    r"[\u4e00-\u9fffA-Za-z]{2,8}(?:集团|股份|汽车|科技|银行|证券|保险|航空|石化|钢铁|重工|能源|电器|电气|药业|制药|生物|地产|控股|通信|基金|传媒|水泥|煤业|铝业|矿业|高速)"
)
_GENERIC = re.compile(
    r"(?:商业|农村|国有|民营|大型|外资|地方|中小|新|的|和|与|及|在|是|各|大|本|该|投资|高等|世界|国际|全球|亚洲|进出口|人民|中国式)"
)


class Usage(Struct, frozen=True):
    """How often each entry of a label was seen in annotated text, and how often it lay in a mention of that label."""

    seen: Counter[tuple[str, str]]
    named: Counter[tuple[str, str]]

    def holds(self, label: str, word: str) -> bool:
        """Tell whether the entry names what its label says in nine cases of ten, one slip allowed (a ship, a brand)."""
        seen, named = self.seen[label, word], self.named[label, word]
        return seen == 0 or (named > 0 and (seen - named < 2 or named / seen >= 0.9))


def list_places(sources: Sources, counts: Mapping[str, int]) -> list[str]:
    """List divisions by full and short name, towns, and other places that running text knows."""
    known = set(sources.divisions) - {"市辖区", "县", "城区", "郊区", "矿区", "市区", "新区"}
    shorts = {short for name in known if (short := short_name(name)) is not None}
    shorts = {word for word in shorts if len(word) > 2 or word in sources.core}
    towns = {name for name in sources.towns if _TOWN.fullmatch(name)}
    others = {
        word
        for word in sources.places
        if len(word) >= 2
        and counts.get(word, 0) >= 3
        and (word in sources.core or (len(word) >= 3 and _GROUND.fullmatch(word)))
        and not _FOLK.fullmatch(word)
        and not _BODY.fullmatch(word)
    }
    chosen = {
        word for word in shorts | towns | others if _is_name(word, "ns", sources.core) and not _PAIR.fullmatch(word)
    }
    return sorted(known | chosen)


def list_bodies(sources: Sources, counts: Mapping[str, int]) -> list[str]:
    """List bodies that running text knows, by full and short name."""
    return sorted(
        word
        for word in set(sources.bodies)
        if counts.get(word, 0) >= 2
        and _is_name(word, "nt", sources.core)
        and (word in sources.core or _BODY.fullmatch(word))
        and not _NO_BODY.match(word)
    )


def list_people(sources: Sources, counts: Mapping[str, int]) -> list[str]:
    """List persons of at least three characters whom running text names again and again."""
    return sorted(
        word
        for word in set(sources.people)
        if len(word) >= 3 and counts.get(word, 0) >= 4 and _is_name(word, "nr", sources.core)
    )


def list_companies(sources: Sources, counts: Mapping[str, int]) -> list[str]:
    """List companies whose short name ends as a company's does and that running text knows."""
    return sorted(
        word
        for word in set(sources.companies)
        if counts.get(word, 0) >= 2
        and _COMPANY.fullmatch(word)
        and not _GENERIC.match(word)
        and word not in sources.core
    )


def list_decoys(sources: Sources, entries: Iterable[str], counts: Mapping[str, int]) -> list[str]:
    """List common words that hold an entry, or end in the beginning of one: 其中 before 中山, 北京时间."""
    entries = set(entries)
    heads = {entry[:size] for entry in entries for size in range(1, len(entry))}
    decoys = []
    for word, tags in sources.core.items():
        if len(word) < 2 or word in entries or share_of(tags, ("ns", "nt", "nr", "nz")) > 0.1:
            continue
        begun = max((counts.get(word[:size], 0) for size in range(2, len(word)) if word[:size] in entries), default=0)
        if begun > _NAME_OF_ALL:
            continue  # 中国人, 美国式: the name inside is marked
        holds = any(word[i:j] in entries for i in range(len(word)) for j in range(i + 2, len(word) + 1))
        crosses = (
            sum(tags.values()) >= 20
            and counts.get(word, 0) >= 5
            and any(word[i:] in heads for i in range(1, len(word)))
        )
        if holds or crosses:
            decoys.append(word)
    return sorted(decoys)


def short_name(division: str) -> str | None:
    """Shorten a division's name; None where nothing short is left.

    >>> short_name("敦化市"), short_name("延边朝鲜族自治州"), short_name("滑县")
    ('敦化', '延边', None)
    """
    match = _ADMIN_ENDING.fullmatch(division)
    if match is None:
        return None
    stem = _PEOPLES.sub("", match[1])
    return stem if len(stem) >= 2 else None


def count_words(words: Iterable[str], texts: Iterable[str]) -> Counter[str]:
    """Count in running text how often each word is the longest one that begins where it stands."""
    patterns = sorted(set(words))
    automaton = AhoCorasick(patterns, matchkind=MatchKind.LeftmostLongest)
    counts: Counter[int] = Counter()
    for text in texts:
        counts.update(index for index, _, _ in automaton.find_matches_as_indexes(text))
    return Counter({patterns[index]: number for index, number in counts.items()})


def measure_usage(lists: Mapping[str, Sequence[str]], decoys: Sequence[str], annotated: Iterable[Path]) -> Usage:
    """Measure how often the entries of each label lie in a mention of that label, in annotated JSONL files."""
    patterns = [(label, word) for label, words in lists.items() for word in words] + [("", word) for word in decoys]
    automaton = AhoCorasick([word for _, word in patterns], matchkind=MatchKind.LeftmostLongest)
    seen: Counter[tuple[str, str]] = Counter()
    named: Counter[tuple[str, str]] = Counter()
    for path in annotated:
        for line in read_lines(path):
            row: dict[str, Any] = json.loads(line)
            spans = [(m["start"], m["end"], m["label"]) for m in row["mentions"]]
            spans += [(*titled.span(), "") for titled in _TITLED.finditer(row["text"])]  # names there are not marked
            for index, start, end in automaton.find_matches_as_indexes(row["text"]):
                label, word = patterns[index]
                if not label or label not in row["layers"]:
                    continue
                seen[label, word] += 1
                named[label, word] += any(
                    low <= start and end <= high and (kind == label or high - low > end - start)
                    for low, high, kind in spans
                )
    return Usage(seen, named)


def write_list(path: Path, words: Iterable[str], *, header: Sequence[str]) -> None:
    """Write a word list with its comment lines; gzipped, without a time stamp, where the name ends in .gz."""
    data = "".join(f"# {line}\n" for line in header) + "".join(f"{word}\n" for word in words)
    encoded = data.encode("utf-8")
    path.write_bytes(gzip.compress(encoded, mtime=0) if path.suffix == ".gz" else encoded)


def build_lexicons(data: Path, folder: Path) -> None:
    """Write the derived word lists; `data` holds lexicon/, pretrain/ and annotated/, `folder` excluded.txt.

    Lists written by hand stay as they are; what stands in them is not written again.
    """
    sources = read_sources(data / "lexicon")
    counts = count_words(_all_words(sources), _texts(data / "pretrain"))
    excluded = {entry.word for entry in read_words(folder / "excluded.txt")}
    general = {
        "LOC": [entry.word for entry in read_words(folder / "places_general.txt")],
        "ORG": [entry.word for entry in read_words(folder / "bodies_general.txt")],
        "PER": [entry.word for entry in read_words(folder / "people_general.txt")],
    }
    taken = excluded.union(*general.values())
    lists: dict[str, list[str]] = {}
    for label, words in (
        ("LOC", list_places(sources, counts)),
        ("ORG", sorted({*list_bodies(sources, counts), *list_companies(sources, counts)})),
        ("PER", list_people(sources, counts)),
    ):
        lists[label] = [word for word in words if word not in taken]
        taken.update(words)
    entries = {label: lists[label] + general[label] for label in lists}
    decoys = list_decoys(sources, [word for words in entries.values() for word in words], counts)
    usage = measure_usage(entries, decoys, [data / "annotated" / "train.jsonl.gz"])
    for label, name, licence in (
        ("LOC", "places.txt.gz", "WTFPL (Administrative-divisions-of-China), Apache-2.0 (HanLP), MIT (THUOCL)"),
        ("ORG", "bodies.txt", "Apache-2.0 (HanLP, Company-Names-Corpus)"),
        ("PER", "people.txt", "Apache-2.0 (HanLP), MIT (THUOCL)"),
    ):
        words = [word for word in lists[label] if usage.holds(label, word)]
        header = [
            f"{label}, derived from openly licensed word lists by pipeline.training.lexicons",
            f"Licence: {licence}",
        ]
        write_list(folder / name, words, header=header)
    rows = weigh_body_words(sources, [*lists["LOC"], *general["LOC"]], _texts(data / "pretrain"))
    header = [
        "word and how much more often it stands in names of bodies than in running text, log-odds times ten",
        "Licence: Apache-2.0 (HanLP)",
    ]
    write_list(folder / "body_words.txt.gz", rows, header=header)
    header = [
        "Common words that hold or cross a name, derived from the HanLP core dictionary",
        "Licence: Apache-2.0 (HanLP)",
    ]
    write_list(folder / "decoys.txt.gz", decoys, header=header)


def weigh_body_words(sources: Sources, places: Iterable[str], texts: Iterable[str]) -> list[str]:
    """Weigh how much more often a word stands in names of bodies than in running text: log-odds times ten.

    科技 weighs 13, 公司 33, 表示 -63. Places are left out: they have a word list of their own.
    """
    places = set(places)
    words = {word for word, tags in sources.core.items() if len(word) == 1 or sum(tags.values()) >= 20} - places
    inside = count_words(words | places, set(sources.bodies))
    usual = count_words(words | places, texts)
    inside_total, usual_total = sum(inside.values()), sum(usual.values())
    rows = []
    for word in sorted(words):
        if usual[word] + inside[word] == 0 or not word.strip():
            continue
        share = (usual[word] + 1) / usual_total
        odds = (inside[word] + _BODY_PRIOR * share) / (inside_total + _BODY_PRIOR) / share
        weight = round(10 * math.log(odds))
        if share_of(sources.core[word], _NOMINAL) > 0.5:
            weight = max(weight, _NOMINAL_FLOOR)  # 叶片, 大米: any noun can stand in the name of a company
        rows.append(f"{word}\t{weight}")
    return rows


def _all_words(sources: Sources) -> set[str]:
    words = {*sources.core, *sources.divisions, *sources.towns, *sources.places, *sources.bodies, *sources.people}
    words |= {short for name in sources.divisions if (short := short_name(name)) is not None}
    words |= {word for word in sources.companies if _COMPANY.fullmatch(word)}
    return {word for word in words if len(word) > 1}


def _texts(folder: Path) -> Iterator[str]:
    for path in sorted(folder.glob("*.txt.xz")):
        with lzma.open(path, "rt", encoding="utf-8") as file:
            yield from file


def _is_name(word: str, tag: str, core: Mapping[str, Mapping[str, int]]) -> bool:
    tags = core.get(word)
    return tags is None or share_of(tags, (tag,)) >= 0.85
