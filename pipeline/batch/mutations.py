"""Make pages that no paper has printed: of newspaper phrases, then broken, cut, widened, nested and repeated.

Reads nothing; writes texts. Every text is a function of a seed and a number, so that a page that breaks something can be
made again.
"""

from __future__ import annotations

import random
from collections.abc import Callable

_PHRASES = (
    "本报讯（记者 陈明）", "云州市市长刘建国", "主持召开防汛会议", "副书记、县长王　丽", "恒远集团股份有限公司", "投资约5.7亿元",
    "12月3日至5日", "《关于加强堤防管理的意见》", "（右二）", "各地要压实责", "任，确保安全度汛", "同比增长3.2%", "省委常委会",
    "阿卜杜拉·买买提", "据新华社北京7月3日电", "“好！”他说", "2024年第三季度", "与青云县人民医院签署合作协议", "1至6月", "１２０万",
    "出资1,200万美元收购其39.7%股权", "东风路街道办事处", "（下转第三版）", "文/图", "责编：顾 敏 美编：李 强", "见习记者", "●",
    "▲图为施工现场。", "二〇二四年五月", "Ａ股", "GDP", "10:30", "www.example.com",
)  # fmt: skip
_MARKS = "，。、；：？！“”‘’（）《》〈〉【】「」…—·,.;:?!\"'()[]<>-~/%#*●■▲|"
_CONTROLS = "\x01\x07\x08\x0b\x0c\x1b\x1c\x1f\x7f\x85\xa0\xad\u2028\u2029\u200b\u2060\ufeff\ufffd\ufffe\uffff"
_BIDI = "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u061c"
_ASTRAL = "𠮷𠀀𪚥🙂🇨🇳👨\u200d👩\u200d👧🏽\U000e0041\U0010ffffé\u0301\ufe0f\u20e3ﷺ㍿㌀"
_BLANKS = " \u3000\t\u2003\u00a0"
_TO_FULL = str.maketrans({chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)})
_TO_HALF = str.maketrans({chr(code + 0xFEE0): chr(code) for code in range(0x21, 0x7F)})

Draw = random.Random


def make_page(draw: Draw) -> str:
    """Compose a page of headings, bylines, bodies and loose lines."""
    lines = []
    for _ in range(draw.randrange(1, 14)):
        body = "".join(draw.choice(_PHRASES) + draw.choice("，，。、；") for _ in range(draw.randrange(1, 9)))
        lines.append(draw.choice(("", "", "# ", "## ", "\u3000\u3000")) + body)
        lines += [""] * draw.randrange(3)
    return draw.choice(("\n", "\n", "\r\n")).join(lines)


def _break_lines(text: str, draw: Draw) -> str:
    for _ in range(draw.randrange(1, 12)):
        text = _insert(text, draw.choice(("\n", "\n\n", "\r\n", "\r", "\n\u3000\n")), draw)
    return text


def _cut(text: str, draw: Draw) -> str:
    for _ in range(draw.randrange(1, 5)):
        start = draw.randrange(len(text) + 1)
        text = text[:start] + text[start + draw.randrange(1, 60) :]
    return text


def _change_widths(text: str, draw: Draw) -> str:
    tables: tuple[dict[int, str], ...] = (_TO_FULL, _TO_HALF, {})
    return "".join(character.translate(draw.choice(tables)) for character in text)


def _sprinkle(characters: str) -> Callable[[str, Draw], str]:
    def sprinkle(text: str, draw: Draw) -> str:
        for _ in range(draw.randrange(1, 16)):
            text = _insert(text, draw.choice(characters) * draw.choice((1, 1, 1, 3)), draw)
        return text

    return sprinkle


def _nest(text: str, draw: Draw) -> str:
    opens, closes = draw.choice(("《》", "（）", "()", "“”", "【】", "「」", "《（"))
    depth = draw.randrange(1, 80)
    start = draw.randrange(len(text) + 1)
    end = draw.randrange(start, len(text) + 1)
    return text[:start] + opens * depth + text[start:end] + closes * draw.choice((depth, depth - 1, 0)) + text[end:]


def _only_marks(text: str, draw: Draw) -> str:
    marks = draw.sample(_MARKS + "\n \u3000", draw.randrange(1, 8))
    return "".join(draw.choice(marks) for _ in range(draw.randrange(1, 400)))


def _repeat(text: str, draw: Draw) -> str:
    start = draw.randrange(len(text) + 1)
    piece = text[start : start + draw.choice((1, 2, 3, 8, 40))] or "一"
    return text[:start] + piece * draw.randrange(2, 2 + 1200 // len(piece)) + text[start:]


def _join_lines(text: str, draw: Draw) -> str:
    return text.replace("\r", "").replace("\n", draw.choice(("", " ", "\u3000")))


def _shuffle(text: str, draw: Draw) -> str:
    lines = text.split("\n")
    draw.shuffle(lines)
    return "\n".join(lines)


def _insert(text: str, piece: str, draw: Draw) -> str:
    place = draw.randrange(len(text) + 1)
    return text[:place] + piece + text[place:]


MUTATIONS: dict[str, Callable[[str, Draw], str]] = {
    "breaks": _break_lines, "cuts": _cut, "widths": _change_widths, "controls": _sprinkle(_CONTROLS),
    "bidi": _sprinkle(_BIDI), "astral": _sprinkle(_ASTRAL), "blanks": _sprinkle(_BLANKS), "marks": _sprinkle(_MARKS),
    "phrases": lambda text, draw: _insert(text, draw.choice(_PHRASES), draw), "nesting": _nest, "only marks": _only_marks,
    "repetition": _repeat, "one line": _join_lines, "shuffling": _shuffle,
}  # fmt: skip


def mutate(text: str, draw: Draw) -> str:
    """Change a text in up to five ways; it is never blank."""
    for name in draw.choices(list(MUTATIONS), k=draw.randrange(6)):
        text = MUTATIONS[name](text, draw)
    return text if text.strip() else "。"


def mutated_page(seed: int, number: int) -> str:
    """Make page `number` of a seed."""
    draw = random.Random(f"{seed}/{number}")
    return mutate(make_page(draw), draw)


def mutated_bytes(seed: int, number: int) -> bytes:
    """Make a page as bytes in one encoding or another, some of them damaged."""
    draw = random.Random(f"{seed}/{number}/bytes")
    raw = bytearray(mutated_page(seed, number).encode(draw.choice(("utf-8", "utf-8-sig", "gb18030", "utf-16"))))
    for _ in range(draw.choice((0, 0, 1, 3, 50))):
        raw[draw.randrange(len(raw))] = draw.randrange(256)
    return bytes(raw[: draw.choice((len(raw), len(raw), draw.randrange(len(raw) + 1)))])
