"""Talk to a doccano server with doccano-client, in an environment of its own: a JSON request a line, an answer a line.

doccano-client needs pydantic 1 and urllib3 1, which the pipeline cannot have. This file is therefore run as a script
by another interpreter and imports nothing of ours. Where the client is known to be wrong (it strips texts on update,
drops times, deletes everything when told to delete nothing) its session is used for the plain request.
"""

from __future__ import annotations

import json
import sys
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

PAGE = 500  # examples asked for at once
TIMEOUT = 600  # seconds that one request may take
KINDS = ("span", "relation")


class Server:
    """One login to one server."""

    def __init__(self, url: str, user: str, password: str) -> None:
        import doccano_client  # type: ignore[import-not-found,unused-ignore]  # noqa: PLC0415

        self._client = doccano_client.DoccanoClient(url)
        self._rest = self._client._base_repository
        send = self._rest._session.request
        self._rest._session.request = lambda *args, **kw: send(*args, **{"timeout": TIMEOUT, **kw})
        self._client.login(user, password)

    def profile(self) -> dict[str, Any]:
        """Say who is logged in."""
        return dict(self._client.get_profile().dict())

    def find_projects(self, name: str) -> list[dict[str, Any]]:
        """Give the projects of this name that one is a member of."""
        return [json.loads(project.json()) for project in self._client.list_projects() if project.name == name]

    def create_project(self, name: str, description: str, guideline: str) -> dict[str, Any]:
        """Make a project for spans and relations in which everyone sees the same labels."""
        project = self._client.create_project(
            name=name, project_type="SequenceLabeling", description=description, guideline=guideline,
            collaborative_annotation=True, allow_overlapping=True, grapheme_mode=False, use_relation=True,
        )  # fmt: skip
        return dict(json.loads(project.json()))

    def label_types(self, project: int) -> dict[str, dict[str, int]]:
        """Give the ids of the span and relation types by their names."""
        return {kind: {t.text: t.id for t in self._client.list_label_types(project, kind)} for kind in KINDS}

    def create_label_types(self, project: int, kind: str, types: list[dict[str, Any]]) -> None:
        """Make span or relation types, all in one request."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "types.json"
            path.write_text(json.dumps(types), encoding="ascii")
            self._client.upload_label_type(project, str(path), kind)

    def has_user(self, name: str) -> bool:
        """Say whether there is an account of this name."""
        return any(user.username == name for user in self._client.search_users(name))

    def create_user(self, name: str, password: str) -> None:
        """Make an account."""
        self._client.create_user(name, password)

    def members(self, project: int) -> list[dict[str, Any]]:
        """Give the members of a project."""
        return [member.dict() for member in self._client.list_members(project)]

    def add_member(self, project: int, name: str, role: str) -> None:
        """Let someone into a project."""
        self._client.add_member(project, name, role)

    def examples(self, project: int) -> list[dict[str, Any]]:
        """Give all examples in the order of the page.

        Raises:
            RuntimeError: the server changed them meanwhile.
        """
        found: dict[int, dict[str, Any]] = {}
        while True:
            answer = self._rest.get(f"projects/{project}/examples", params={"limit": PAGE, "offset": len(found)}).json()
            before = len(found)
            found.update((example["id"], example) for example in answer["results"])
            if len(found) >= answer["count"]:
                return list(found.values())
            if len(found) == before:
                raise RuntimeError("the examples of the project changed while they were read")

    def upload(self, project: int, lines: str) -> list[Any]:
        """Import JSONL lines; gives what the server complains of."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "articles.jsonl"
            path.write_bytes(lines.encode("ascii"))
            status = self._client.upload(project, [str(path)], "RelationExtraction", "JSONL")
        if status.error:
            return [status.error]
        return list((status.result or {}).get("error", []))

    def labels(self, project: int, example: int) -> dict[str, Any]:
        """Give the spans and relations of an example with who made them and when they were changed."""
        base = f"projects/{project}/examples/{example}"
        return {kind: self._rest.get(f"{base}/{kind}").json() for kind in ("spans", "relations")}

    def states(self, project: int, example: int) -> list[dict[str, Any]]:
        """Give who has confirmed an example, and when."""
        answer = self._rest.get(f"projects/{project}/examples/{example}/states").json()
        return list(answer["results"])

    def replace_labels(
        self, project: int, example: int, spans: list[dict[str, Any]], relations: list[dict[str, Any]]
    ) -> None:
        """Delete all labels of an example and make new ones; relations name spans by their own ids."""
        types = self.label_types(project)  # by id: given a name, the client asks for all types before each label
        self._client.delete_all_relations(project, example)
        self._client.delete_all_spans(project, example)
        made: dict[int, int] = {}
        for span in spans:
            label = types["span"][span["label"]]
            start, end = span["start_offset"], span["end_offset"]
            made[span["id"]] = self._client.create_span(project, example, start, end, label).id
        for relation in relations:
            label = types["relation"][relation["type"]]
            self._client.create_relation(project, example, made[relation["from_id"]], made[relation["to_id"]], label)

    def set_meta(self, project: int, example: int, meta: dict[str, str]) -> None:
        """Write what is kept beside the text of an example. The client would strip the text."""
        url = f"{self._rest.api_url}/projects/{project}/examples/{example}"
        answer = self._rest._session.patch(url, json={"meta": meta})
        answer.raise_for_status()

    def toggle_confirmed(self, project: int, example: int) -> None:
        """Confirm an example, or take the confirmation back."""
        self._client.update_example_state(project, example)

    def delete_examples(self, project: int, examples: list[int]) -> None:
        """Delete examples; told to delete none, the server would delete all."""
        if examples:
            self._client.bulk_delete_examples(project, examples)

    def delete_project(self, project: int) -> None:
        """Delete a project with all that is in it."""
        self._client.delete_project(project)

    def download(self, project: int) -> str:
        """Give the lines of the server's own export."""
        with tempfile.TemporaryDirectory() as folder:
            path = self._client.download(project, "JSONL", False, folder)
            with zipfile.ZipFile(path) as archive:
                return "".join(archive.read(name).decode("utf-8") for name in sorted(archive.namelist()))


def serve(requests: Any, answers: Any) -> None:
    """Answer requests until there are no more; the first one logs in."""
    server: Server | None = None
    for line in requests:
        request = json.loads(line)
        try:
            if server is None:
                server, result = Server(**request["with"]), None
            else:
                call: Callable[..., Any] = getattr(server, request["call"])
                result = call(**request["with"])
            answer = {"result": result}
        except Exception as error:  # every failure goes to the caller, who knows what was asked
            response = getattr(error, "response", None)
            status = getattr(response, "status_code", None)
            answer = {"error": f"{type(error).__name__}: {error}", "status": status, "said": _said(response)}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


def _said(response: Any) -> str:
    if response is None or "json" not in response.headers.get("content-type", ""):
        return ""
    return str(response.text)[:500]


if __name__ == "__main__":
    serve(sys.stdin, sys.stdout)
