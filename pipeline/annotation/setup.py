"""Make the doccano projects: one that all share for revision, one for each person for agreement.

Reads the scheme; writes projects, types, accounts and members. What is there already stays as it is.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from msgspec import Struct

from pipeline.annotation.client import Doccano, check_project
from pipeline.annotation.label_types import LabelType, guideline, label_types

PASSWORD_BYTES = 12
SHARED = "Revision, shared: everyone sees and edits the same labels."
OWN = "For agreement: only {person} works here."


class ProjectReady(Struct, frozen=True):
    """A project, and who works in it."""

    name: str
    address: str
    people: tuple[str, ...]
    made: bool


def project_name(project: str, person: str | None = None) -> str:
    """Name the project of one person beside the shared one: `baozhi · 李`."""
    return project if person is None else f"{project} · {person}"


def set_up(
    doccano: Doccano, project: str, people: Sequence[str], *, shared_only: bool = False
) -> tuple[list[ProjectReady], dict[str, str]]:
    """Make the shared project and one for each person, with accounts; gives the passwords of accounts made here.

    Raises:
        DoccanoError: a project of that name would lose labels, or the user may not make accounts.
    """
    passwords = {person: password for person in people if (password := _make_account(doccano, person))}
    own = (
        []
        if shared_only
        else [(project_name(project, person), OWN.format(person=person), [person]) for person in people]
    )
    ready = [make_project(doccano, name, what, who) for name, what, who in [(project, SHARED, list(people)), *own]]
    return ready, passwords


def make_project(
    doccano: Doccano, name: str, description: str, people: Sequence[str], types: Sequence[LabelType] = label_types()
) -> ProjectReady:
    """Make a project of this name with its types and members, or add to it what is missing."""
    found = doccano.call("find_projects", name=name)
    for project in found:
        check_project(project, doccano.url)
    if not found:
        doccano.call("create_project", name=name, description=description, guideline=guideline())
    id = doccano.project(name)
    add_label_types(doccano, id, types)
    members = {member["username"] for member in doccano.call("members", project=id)}
    for person in people:
        if person not in members:
            doccano.call("add_member", project=id, name=person, role="annotator")
    return ProjectReady(name, doccano.address(id), tuple(people), made=not found)


def add_label_types(doccano: Doccano, project: int, types: Sequence[LabelType]) -> None:
    """Make the types that the project lacks."""
    known = doccano.call("label_types", project=project)
    for kind in ("span", "relation"):
        missing = [
            {"text": type.name, "background_color": type.color, "suffix_key": type.key}
            for type in types
            if type.kind == kind and type.name not in known[kind]
        ]
        if missing:
            doccano.call("create_label_types", project=project, kind=kind, types=missing)


def _make_account(doccano: Doccano, person: str) -> str | None:
    if doccano.call("has_user", name=person):
        return None
    password = secrets.token_urlsafe(PASSWORD_BYTES)
    doccano.call("create_user", name=person, password=password)
    return password
