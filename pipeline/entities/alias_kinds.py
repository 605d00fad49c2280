"""Tell in which way one name is a short form of another: by what it leaves out.

Kinds are names of shapes; how sure each one is stands in kinds.toml.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from pipeline.entities.alias_forms import Forms

DEFINED, BRACKETED, KNOWN = "defined", "bracketed", "known"
_DOT = re.compile(r"[·・•‧∙﹒]")
_DOCUMENT = re.compile(r"《(?P<short>[^《》]{2,6})》")
_SESSION = re.compile(r"第?[一二三四五六七八九十百0-9]{1,6}届")
_HAN = re.compile(r"[一-鿿]{1,8}")
_COMMITTEE = re.compile(r"[省市县区旗州盟]委$")
_GAP = re.compile(r"^[”\"’》]?[（(](?P<said>[^（()）]{0,12}?)[：:]?[“\"‘]?$")


def kind_of(label: str, short: str, full: str, forms: Forms) -> str | None:
    """Name the way in which `short` may stand for `full`; None where it does not.

    >>> kind_of("LOC", "山西", "山西省", forms)  # doctest: +SKIP
    'unit'
    """
    if full in forms.known.get(short, ()):
        return KNOWN
    shapes = _SHAPES.get(label)
    return shapes(short, full, forms) if shapes is not None and short != full else None


def kind_between(gap: str, forms: Forms) -> str | None:
    """Name what the text between a name and a mention in a bracket right behind it says: `（以下简称“`."""
    match = _GAP.match(gap)
    if match is None:
        return None
    if match["said"].startswith(forms.defined):
        return DEFINED
    return None if match["said"] else BRACKETED


def _place(short: str, full: str, forms: Forms) -> str | None:
    size = _size(short)
    if full.startswith(short) and full[len(short) :] in forms.units:
        return "unit"
    if full.endswith(short) and forms.is_place(full[: -len(short)]):
        return "address" + size
    if short in full[1:-1]:
        before, _, after = full.partition(short)
        if after in forms.units and forms.is_place(before):
            return "address_unit"
    if len(short) >= 4 and short[0] == full[0] and _is_inside(short, full):
        core = next(
            (full[: -len(unit)] for unit in sorted(forms.units, key=len, reverse=True) if full.endswith(unit)), full
        )
        if short[-1] in (full[-1], core[-1]):
            return "place_letters"
    return None


def _body(short: str, full: str, forms: Forms) -> str | None:
    size = _size(short)
    if short.endswith(("有限公司", "有限责任公司")) and not full.endswith(short):
        return None
    if full.startswith(short):
        rest = full[len(short) :]
        if rest in forms.legal:
            return "legal" + size
        if _is_trade(rest, forms):
            return "trade" + size
    if full.endswith(short):
        front = full[: -len(short)]
        if forms.is_place(front):
            return "place_front" + size
        return "session" if _SESSION.fullmatch(front) else "other_front" + size if len(front) > 1 else "letter_front"
    office = next((word for word in forms.offices if full.endswith(word)), "")
    if office and short[-1] not in office:
        return "office" if full.startswith(short) else "office_letters" if _is_inside(short, full) else None
    if short in full:
        before, _, after = full.partition(short)
        kind = "place_core" if forms.is_place(before) or not before else "core"
        if _ends_trade(after, forms):
            return kind
        return kind + ("_company" if after.endswith(forms.legal) and not short.endswith(forms.legal) else "_other")
    if not _is_inside(short, full) or _COMMITTEE.search(short):
        return None  # 省委 is not 省国资委
    return _body_letters(short, full, forms)


def _body_letters(short: str, full: str, forms: Forms) -> str:
    bare = forms.without_place(full)
    begins = short[0] == full[0] or short[0] == bare[0]
    kind = "letters" if begins else "late_letters"
    if len(short) <= 3:
        kind += "_few"
    core = forms.without_legal(full)
    ends = short[-1] in (full[-1], core[-1]) or (short[-2:] in full)
    return kind + ("" if ends else "_open")


def _person(short: str, full: str, forms: Forms) -> str | None:
    parts = _DOT.split(full)
    if len(parts) > 1:
        return "last_name" if short == parts[-1] else "first_name" if short == parts[0] else None
    if not _HAN.fullmatch(full) or not 2 <= len(full) <= 4:
        return None
    if short == full[0]:
        return "surname"
    if len(short) == 2 and short[0] in forms.familiar and short[1] in (full[0], full[-1]):
        return "familiar" if short[1] == full[0] else "familiar_given"
    if len(short) == 2 and len(full) == 4 and full.startswith(short):
        return "surname"
    return "given_name" if len(full) == 3 and short == full[1:] else None


def _document(short: str, full: str, forms: Forms) -> str | None:
    match = _DOCUMENT.fullmatch(short)
    if match and full.endswith(match["short"] + "》"):
        return "kind_of_document"
    return None


def _project(short: str, full: str, forms: Forms) -> str | None:
    if full.startswith(short) and full[len(short) :] in forms.project_ends:
        return "project_end"
    core = next((full[: -len(end)] for end in sorted(forms.project_ends) if full.endswith(end)), full)
    for name in (full, core):
        if name.endswith(short) and forms.is_place(name[: -len(short)]):
            return "place_front"
    return (
        "project_letters"
        if len(short) >= 6 and short[0] == full[0] and short[-1] == full[-1] and _is_inside(short, full)
        else None
    )


KINDS = (
    DEFINED, BRACKETED, KNOWN, "unit", "address", "address_2", "address_3", "address_unit", "place_letters", "legal",
    "legal_2", "legal_3", "trade", "trade_2", "trade_3", "place_front", "place_front_2", "place_front_3", "other_front",
    "other_front_2", "other_front_3", "letter_front", "session", "office", "office_letters", "core", "core_company",
    "core_other", "place_core", "place_core_company", "place_core_other", "letters", "letters_open", "letters_few",
    "letters_few_open", "late_letters", "late_letters_open", "late_letters_few", "late_letters_few_open", "last_name",
    "first_name", "surname", "familiar", "familiar_given", "given_name", "kind_of_document", "project_end",
    "project_letters",
)  # fmt: skip
_SHAPES: dict[str, Callable[[str, str, Forms], str | None]] = {
    "LOC": _place, "ORG": _body, "PER": _person, "DOCUMENT": _document, "PROJECT": _project,
}  # fmt: skip


def _size(short: str) -> str:
    return "_2" if len(short) <= 2 else "_3" if len(short) == 3 else ""


def _is_trade(rest: str, forms: Forms) -> bool:
    """Say whether the rest of a company's name is its trade and its legal form: 新能源科技有限公司."""
    rest = re.sub(r"[（(][一-鿿]{2,6}[）)]", "", rest)
    core = next((rest[: -len(ending)] for ending in forms.legal if rest.endswith(ending)), None)
    return core is not None and _is_industries(core, forms)


def _is_industries(core: str, forms: Forms) -> bool:
    reached = {0}
    for end in range(1, len(core) + 1):
        if any(core[start:end] in forms.industries for start in reached):
            reached.add(end)
    return len(core) in reached


def _ends_trade(rest: str, forms: Forms) -> bool:
    return _is_trade(rest, forms) or _is_industries(rest, forms) or rest in forms.legal


def _is_inside(short: str, full: str) -> bool:
    """Say whether the characters of one text stand in another in their order, with gaps."""
    characters = iter(full)
    return all(character in characters for character in short)
