"""`baozhi show`: records and their pages as one page to read."""

from __future__ import annotations

from pathlib import Path

import typer

from pipeline.batch.files import whole_files
from pipeline.reader.html import as_html
from pipeline.reader.show import show


def show_command(
    records: Path = typer.Argument(..., help="The records of a run; pages.jsonl beside them is read as well."),
    *,
    output: Path = typer.Option(Path("output/reader.html"), "--output", "-o", help="The page to write."),
    pages: Path | None = typer.Option(
        None, help="The folder of the page files, to show the pages as they stand in them.", show_default="pages.jsonl"
    ),
) -> None:
    """Write a self-contained page for reading articles, pages, and the evidence of every fact."""
    view = show(records, pages=pages)
    text = as_html(view)
    with whole_files(output) as (file,):
        file.write(text.encode("utf-8"))
    missing = [page.name for page in view.pages if not page.lines]
    print(f"{output}: {len(view.articles)} articles, {view.shown_pages} of {len(view.pages)} pages")
    if missing:
        print(f"no text of {', '.join(missing)}; give the folder of the page files with --pages")
