"""The span and relation types of a doccano project: the labels of the scheme, with their colours and keys.

Reads the scheme; writes nothing.
"""

from __future__ import annotations

import colorsys
from typing import Literal

from msgspec import Struct

from pipeline.records import EVENT_ROLES, EVENT_TYPES, MENTION_LABELS, RELATION_TYPES
from pipeline.scheme import RELATION_ENDS, ROLE_FILLERS

MENTION_COLORS = {
    "PER": "#0b6bcb", "ORG": "#b4301f", "LOC": "#1e7d32", "TITLE": "#7b3fb3", "MONEY": "#96690a", "PROJECT": "#00707a",
    "PERCENT": "#8a5a00", "DATE": "#5d6470", "DOCUMENT": "#a3265f",
}  # fmt: skip
RELATION_LIGHTNESS, RELATION_SATURATION = 0.35, 0.65
EVENT_LIGHTNESS, EVENT_SATURATION = 0.28, 0.3  # dull beside the mentions: triggers stand inside and beside them
ROLE_COLOR = "#4a4f57"


class LabelType(Struct, frozen=True):
    """A type that a person can choose; `key` is the key that chooses it for a marked stretch."""

    kind: Literal["span", "relation"]
    name: str
    color: str
    key: str | None = None


def label_types() -> tuple[LabelType, ...]:
    """Give all types of the scheme: mentions on the keys 1 to 9, event types on a to p."""
    events, relations = len(EVENT_TYPES), len(RELATION_TYPES)
    return (
        *(LabelType("span", name, MENTION_COLORS[name], str(n)) for n, name in enumerate(MENTION_LABELS, 1)),
        *(
            LabelType("span", name, _color(n / events, EVENT_LIGHTNESS, EVENT_SATURATION), chr(ord("a") + n))
            for n, name in enumerate(EVENT_TYPES)
        ),
        *(
            LabelType("relation", name, _color(n / relations, RELATION_LIGHTNESS, RELATION_SATURATION))
            for n, name in enumerate(RELATION_TYPES)
        ),
        *(LabelType("relation", name, ROLE_COLOR) for name in EVENT_ROLES),
    )


def guideline() -> str:
    """Write the short guide that doccano shows beside each article: which labels an edge may join."""
    relations = "\n".join(
        f"- **{name}**: {' / '.join(sorted(heads))} → {' / '.join(sorted(tails))}"
        for name, (heads, tails) in RELATION_ENDS.items()
        if name != "alias_of"
    )
    roles = "\n".join(f"- **{name}** → {' / '.join(sorted(labels))}" for name, labels in ROLE_FILLERS.items())
    return (
        "Capital letters are mentions, small letters are events. A mention is the longest name; mentions never "
        "overlap. An event is the one word that says what happened.\n\n"
        f"**Relations** (from → to)\n\n{relations}\n- **alias_of**: short form → full form, same label\n\n"
        f"**Roles** (from the word of the event)\n\n{roles}\n"
    )


def _color(hue: float, lightness: float, saturation: float) -> str:
    red, green, blue = colorsys.hls_to_rgb(hue, lightness, saturation)
    return f"#{round(red * 255):02x}{round(green * 255):02x}{round(blue * 255):02x}"
