"""Reading bytes: encodings, marks and line ends, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import InputError
from pipeline.pages.reader import decode, read_text

TEXT = "# 岭川市召开防汛会议\n\n本报讯 昨天，岭川市召开防汛会议，要求各地压实责任，确保安全度汛。\n"


@pytest.mark.parametrize(
    ("data", "encoding"),
    [(TEXT.encode(), "utf-8"), (b"\xef\xbb\xbf" + TEXT.encode(), "utf-8-sig"), (TEXT.encode("gb18030"), "gb18030")],
)
def test_a_page_is_decoded_and_its_encoding_told(data: bytes, encoding: str) -> None:
    decoded = decode(data, where="p.txt")
    assert (decoded.text, decoded.encoding) == (TEXT, encoding)


def test_line_ends_stay_as_they_stand() -> None:
    crlf = TEXT.replace("\n", "\r\n")
    assert decode(crlf.encode(), where="p.txt").text == crlf
    assert decode(crlf.encode("gb18030"), where="p.txt").text == crlf


def test_rare_characters_of_gb18030_are_read() -> None:
    text = TEXT + "钟𫍯、龑宝、㛃娜出席会议。"
    assert decode(text.encode("gb18030"), where="p.txt").text == text


@pytest.mark.parametrize("data", [b"", b"\n \r\n\t", b"\xef\xbb\xbf", "　\n".encode()])
def test_an_empty_page_is_refused(data: bytes) -> None:
    with pytest.raises(InputError, match="empty"):
        decode(data, where="p.txt")


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "binary"),
        (TEXT.encode("utf-16"), "UTF-16"),
        (TEXT.encode() * 2000 + b"\0", "binary"),
    ],
)
def test_what_is_no_text_is_refused(data: bytes, kind: str) -> None:
    with pytest.raises(InputError, match=kind):
        decode(data, where="p.txt")


def test_damaged_utf8_is_named_by_byte_and_line_and_not_read_as_another_encoding() -> None:
    data = TEXT.encode()
    place = data.index("压实".encode())
    with pytest.raises(InputError, match=rf"byte {place}") as caught:
        decode(data[:place] + b"\xff" + data[place:], where="p.txt")
    assert "p.txt:3" in str(caught.value)


def test_a_lone_surrogate_is_refused() -> None:
    with pytest.raises(InputError, match="UTF-8"):
        decode(TEXT.encode() + "\ud800".encode("utf-8", "surrogatepass"), where="p.txt")


@pytest.mark.parametrize("encoding", ["big5", "shift_jis", "koi8-r"])
def test_another_encoding_is_refused(encoding: str) -> None:
    text = {
        "big5": "嶺川市召開防汛會議要求各地壓實責任",
        "shift_jis": "ひらがなとカタカナの新聞",
        "koi8-r": "газета новости",
    }
    with pytest.raises(InputError, match="neither UTF-8"):
        decode(text[encoding].encode(encoding), where="p.txt")


def test_a_large_file_is_refused_with_its_size(tmp_path: Path) -> None:
    path = tmp_path / "p.txt"
    path.write_bytes(TEXT.encode())
    assert read_text(path, max_bytes=1000).text == TEXT
    with pytest.raises(InputError, match="more than the 20"):
        read_text(path, max_bytes=20)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_text(tmp_path / "none.txt", max_bytes=20)
