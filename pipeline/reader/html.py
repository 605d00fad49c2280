"""Write a view as one HTML page that needs nothing else, and that can reach nothing else.

Reads a view and the templates; gives the page. The input is never markup: it lies in a block of JSON in which every `<`
is escaped, and the page's own policy lets no other script run and no address be asked.
"""

from __future__ import annotations

import base64
import hashlib

import msgspec
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from pipeline.reader.view import View

STYLES = ("reader.css", "panes.css", "tables.css", "narrow.css")
SCRIPTS = (
    "elements.js", "state.js", "filters.js", "lazy.js", "articles.js", "article.js", "page.js", "items.js",
    "tables.js", "timeline.js", "ties.js", "graph.js", "views.js", "keys.js", "main.js",
)  # fmt: skip


def as_html(view: View) -> str:
    """Give the page as text."""
    environment = Environment(
        loader=PackageLoader("pipeline.reader", "templates"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip

    def source(name: str) -> str:
        loader = environment.loader
        assert loader is not None
        return loader.get_source(environment, name)[0]

    style = "\n" + "".join(source(name) for name in STYLES)
    script = '\n"use strict";\n(() => {\n' + "".join(source(name) for name in SCRIPTS) + "})();\n"
    policy = (
        f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; base-uri 'none'; form-action 'none'"
    )
    return environment.get_template("reader.html").render(
        view=view, style=Markup(style), script=Markup(script), data=Markup(as_json(view)), policy=policy
    )


def as_json(view: View) -> str:
    """Give a view as JSON that can stand inside of a script element: `<` is written `\\u003c`."""
    return msgspec.json.encode(view).decode("utf-8").replace("<", "\\u003c").replace(">", "\\u003e")


def _hash(text: str) -> str:
    """Give the source expression by which a page's policy allows this text, and no other."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode('utf-8')).digest()).decode('ascii')}'"
