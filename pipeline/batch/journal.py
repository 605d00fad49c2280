"""Keep what has been extracted, so that a run that was cut off goes on where it stood.

Reads and writes the folder `.baozhi` inside the output folder. The lines of each page or article are appended to a
part; the entry that says where they lie is written only after they are safely on disk. When all is there, the parts
become `records.jsonl` and `pages.jsonl` by renaming, and the entries point into those.

The entries lie in an SQLite file: half an entry cannot be, memory stays flat, and its lock ends with its process.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

import msgspec

from pipeline.batch.summary import Summary
from pipeline.errors import InputError

RECORDS, PAGES, SUMMARY = "records.jsonl", "pages.jsonl", "summary.json"
FOLDER = ".baozhi"
_FINISHED = 0  # the number of the part that the files in the output folder are
_SAVE_EVERY = 1.0  # seconds of work that a killed run may lose
_TABLES = """
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT);
CREATE TABLE IF NOT EXISTS entries (
    key BLOB PRIMARY KEY, part INTEGER, page_start INTEGER, page_length INTEGER, record_start INTEGER,
    record_length INTEGER, checksum INTEGER, counts BLOB
) WITHOUT ROWID;
CREATE TEMP TABLE wanted (place INTEGER PRIMARY KEY, key BLOB);
CREATE TEMP TABLE moved (key BLOB PRIMARY KEY, page_start INTEGER, record_start INTEGER) WITHOUT ROWID;
"""
_MOVE = f"""
BEGIN;
DELETE FROM entries WHERE key NOT IN (SELECT key FROM moved);
UPDATE entries SET part = {_FINISHED},
    page_start = (SELECT page_start FROM moved WHERE moved.key = entries.key),
    record_start = (SELECT record_start FROM moved WHERE moved.key = entries.key);
INSERT INTO facts VALUES ('moving', '');
COMMIT;
"""


class Journal:
    """The entries of one output folder, to be used in a `with` block."""

    def __init__(self, output: Path, *, fingerprint: str, fresh: bool) -> None:
        """Open the journal of an output folder; entries of another fingerprint, or all if `fresh`, are dropped.

        Raises:
            InputError: the folder cannot be written, or another run that is still alive writes there.
        """
        self.output = output
        self.folder = output / FOLDER
        self._handles: dict[tuple[int, str], BinaryIO] = {}
        with _writing(output):
            (self.folder / "parts").mkdir(parents=True, exist_ok=True)
            self._open()
            try:
                self._finish_moving()
                if fresh or self._fact("fingerprint") != fingerprint:
                    self._database.execute("DELETE FROM entries")
                    self._database.execute("INSERT OR REPLACE INTO facts VALUES ('fingerprint', ?)", (fingerprint,))
                    self._database.commit()
                found = self._database.execute("SELECT max(part) FROM entries").fetchone()[0]
                self._part = (found or _FINISHED) + 1
                self._file = (self.folder / "parts" / str(self._part)).open("wb")
            except BaseException:
                self._database.close()
                raise
        self._end = 0
        self._saved_at = time.monotonic()

    def __enter__(self) -> Journal:
        return self

    def __exit__(self, *error: object) -> None:
        try:
            with suppress(sqlite3.Error, OSError) if error[0] else _writing(self.output):
                self.save()
        finally:
            empty = self._database.execute("SELECT 1 FROM entries LIMIT 1").fetchone() is None
            for handle in (self._file, *self._handles.values()):
                handle.close()
            self._database.close()
            if empty:
                shutil.rmtree(self.folder, ignore_errors=True)

    def find(self, key: bytes, place: int) -> Summary | None:
        """Give the counts of an input whose lines are here and whole, and take them over at its place in the output."""
        row = self._database.execute("SELECT * FROM entries WHERE key = ?", (key,)).fetchone()
        if row is None:
            return None
        _, part, page_start, page_length, record_start, record_length, checksum, counts = row
        if part != self._part:
            found = zlib.crc32(self._read(part, PAGES, page_start, page_length))
            found = zlib.crc32(self._read(part, RECORDS, record_start, record_length), found)
            if found != checksum:
                return None
        self._database.execute("INSERT INTO wanted VALUES (?, ?)", (place, key))
        return msgspec.json.decode(counts, type=Summary)

    def add(self, key: bytes, place: int, page: bytes, records: bytes, counts: Summary) -> None:
        """Append the lines of one input, for its place in the output."""
        with _writing(self.output):
            self._file.write(page)
            self._file.write(records)
            middle = self._end + len(page)
            values = (
                key, self._part, self._end, len(page), middle, len(records), zlib.crc32(records, zlib.crc32(page)),
                msgspec.json.encode(counts),
            )  # fmt: skip
            self._database.execute("INSERT OR REPLACE INTO entries VALUES (?, ?, ?, ?, ?, ?, ?, ?)", values)
            self._database.execute("INSERT INTO wanted VALUES (?, ?)", (place, key))
            self._end = middle + len(records)
            if time.monotonic() - self._saved_at >= _SAVE_EVERY:
                self.save()

    def save(self) -> None:
        """Bring the lines to the disk, then the entries that point at them."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self._database.commit()
        self._saved_at = time.monotonic()

    def finish(self, summary: bytes) -> None:
        """Put together what this run wants, in its order, and give the files their names."""
        with _writing(self.output):
            self.save()
            folder = self.folder / "next"
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            with (folder / PAGES).open("wb") as pages, (folder / RECORDS).open("wb") as records:
                rows = self._database.execute(
                    "SELECT key, part, page_start, page_length, record_start, record_length "
                    "FROM wanted JOIN entries USING (key) ORDER BY place"
                )
                for key, part, page_start, page_length, record_start, record_length in rows:
                    moved = (key, pages.tell(), records.tell())
                    pages.write(self._read(part, PAGES, page_start, page_length))
                    records.write(self._read(part, RECORDS, record_start, record_length))
                    self._database.execute("INSERT OR REPLACE INTO moved VALUES (?, ?, ?)", moved)
                for handle in (pages, records):
                    handle.flush()
                    os.fsync(handle.fileno())
            with (folder / SUMMARY).open("wb") as handle:
                handle.write(summary)
                handle.flush()
                os.fsync(handle.fileno())
            _sync_folder(folder)
            self._database.executescript(_MOVE)  # from here on the files in `next` count, wherever the run is cut off
            self._finish_moving()

    def _finish_moving(self) -> None:
        """Give the files in `next` their names, and drop the parts, if that had been begun."""
        if self._fact("moving") is None:
            return
        for handle in self._handles.values():
            handle.close()
        self._handles.clear()
        for name in (RECORDS, PAGES, SUMMARY):
            with suppress(FileNotFoundError):  # it has its name already
                (self.folder / "next" / name).replace(self.output / name)
        _sync_folder(self.output)
        self._database.execute("DELETE FROM facts WHERE name = 'moving'")
        self._database.commit()
        for part in (self.folder / "parts").iterdir():
            part.unlink()
        shutil.rmtree(self.folder / "next", ignore_errors=True)

    def _open(self) -> None:
        path = self.folder / "journal.sqlite"
        for last_try in (False, True):
            self._database = sqlite3.connect(path, timeout=0)
            try:
                self._database.execute("PRAGMA locking_mode = EXCLUSIVE")
                self._database.execute("BEGIN EXCLUSIVE")
                self._database.commit()
                self._database.executescript(_TABLES)
                break
            except sqlite3.DatabaseError as error:
                self._database.close()
                if "locked" in str(error):
                    raise self._taken() from error
                if last_try or isinstance(error, sqlite3.OperationalError):
                    raise
                path.unlink()  # no journal of ours, or a damaged one: all is extracted again
        (self.folder / "owner").write_text(f"{os.getpid()}\n", encoding="ascii")

    def _taken(self) -> InputError:
        try:
            owner = "process " + (self.folder / "owner").read_text(encoding="ascii").strip()
        except (OSError, ValueError):
            owner = "another process"
        return InputError(
            f"{owner} is writing into this folder", where=self.output,
            remedy="wait until it has ended, end it, or choose another --output folder",
        )  # fmt: skip

    def _read(self, part: int, name: str, start: int, length: int) -> bytes:
        if not length:
            return b""
        if part == self._part:
            self._file.flush()
        try:
            key = (part, name if part == _FINISHED else "")
            if key not in self._handles:
                path = self.output / name if part == _FINISHED else self.folder / "parts" / str(part)
                self._handles[key] = path.open("rb")
            self._handles[key].seek(start)
            return self._handles[key].read(length)
        except FileNotFoundError:
            return b""

    def _fact(self, name: str) -> str | None:
        row = self._database.execute("SELECT value FROM facts WHERE name = ?", (name,)).fetchone()
        return None if row is None else str(row[0])


@contextmanager
def _writing(output: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        said = error.strerror if isinstance(error, OSError) else str(error)
        raise InputError(
            f"cannot be written ({said})", where=getattr(error, "filename", None) or output,
            remedy="make room, or choose another --output folder",
        ) from error  # fmt: skip


def _sync_folder(folder: Path) -> None:
    """Bring new names in a folder to the disk; a system that cannot sync folders needs no such thing."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
