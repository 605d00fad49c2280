"""Read the bytes of a page: UTF-8 with or without byte-order mark, or GB18030.

Reads files; writes decoded text. Line ends stay as they stand: page offsets count a carriage return.
"""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from msgspec import Struct

from pipeline.errors import InputError

_COMMON = re.compile(r"[一-鿿　-〿＀-￯·–—‘’“”…]")
_SUSPECT = re.compile(r"[-㐀-䶿\U00020000-\U0003FFFF]")


class Decoded(Struct, frozen=True):
    """The text of a file without its byte-order mark, and the encoding it was in."""

    text: str
    encoding: str


def read_text(path: Path, *, max_bytes: int) -> Decoded:
    """Read and decode one page.

    Raises:
        InputError: the file cannot be read, is empty, binary, larger than `max_bytes`, or in no known encoding.
    """
    try:
        size = path.stat().st_size
        if size > max_bytes:
            raise InputError(
                f"the file has {size:,} bytes, more than the {max_bytes:,} that a page may have", where=path,
                remedy="split it into pages, or raise max_bytes in the [pages] block of the config",
            )  # fmt: skip
        data = path.read_bytes()
    except OSError as error:
        raise InputError(
            f"cannot be read ({error.strerror})", where=path, remedy="check the path and its rights"
        ) from error
    return decode(data, where=path)


def decode(data: bytes, *, where: Path | str) -> Decoded:
    """Decode a page, and refuse what is no text.

    A damaged UTF-8 file is told from a GB18030 one by how much of it is well-formed UTF-8: nothing is decoded into
    the wrong characters silently.

    Raises:
        InputError: empty, binary, or in neither encoding.
    """
    if b"\0" in data[:65536]:
        kind = "UTF-16" if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "binary"
        raise InputError(f"looks {kind}", where=where, remedy="convert it to UTF-8 text")
    encoding = "utf-8-sig" if data.startswith(codecs.BOM_UTF8) else "utf-8"
    try:
        decoded = Decoded(data.decode(encoding), encoding)
    except UnicodeDecodeError as error:
        decoded = Decoded(_decode_gb18030(data, error, where), "gb18030")
    if "\0" in decoded.text:
        raise InputError("looks binary", where=where, remedy="convert it to UTF-8 text")
    if not decoded.text.strip():
        raise InputError("the page is empty", where=where, remedy="remove it from the input")
    return decoded


def _decode_gb18030(data: bytes, utf8: UnicodeDecodeError, where: Path | str) -> str:
    line = data.count(b"\n", 0, utf8.start) + 1
    lenient = data.decode("utf-8", errors="replace")
    if lenient.count("�") * 10 < sum(character > "\x7f" for character in lenient):
        raise InputError(
            f"is UTF-8 but for byte {utf8.start} ({data[utf8.start]:#04x}, {utf8.reason})", where=where, line=line,
            remedy="repair or re-save the file; a page is not read in part",
        )  # fmt: skip
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError as error:
        text, where_gb = "", f"byte {error.start}"
    else:
        where_gb = "its characters"
    wide = [character for character in text if character > "\x7f"]
    strange = sum(bool(_SUSPECT.match(character)) or not _COMMON.match(character) for character in wide)
    usual = sum(character > "\x7f" for character in text.encode("gb2312", errors="ignore").decode("gb2312"))
    if not wide or strange * 20 > len(wide) or usual * 2 < len(wide):  # Japanese reads as rare characters throughout
        raise InputError(
            f"is neither UTF-8 (byte {utf8.start}) nor GB18030 ({where_gb})", where=where, line=line,
            remedy="convert it to UTF-8",
        )  # fmt: skip
    return text
