"""Against a real server: what is pushed comes back the same, nothing is there twice, people's work stays."""

from __future__ import annotations

import sqlite3
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from documents_at_hand import HARD_VERSIONS, relabel, stored
from sites import CLIENT_PYTHON, Site

from pipeline.annotation.changes import summarize
from pipeline.annotation.client import Doccano, DoccanoError, Login, check_project
from pipeline.annotation.label_types import label_types
from pipeline.annotation.pull import pull
from pipeline.annotation.push import push
from pipeline.annotation.server import running_pid
from pipeline.annotation.setup import project_name, set_up
from pipeline.annotation.snapshots import Pushed, Snapshots
from pipeline.export.doccano import encode_line, encode_row
from pipeline.export.documents import Span, document
from pipeline.marks import AnnotatedArticle


def test_the_server_is_for_this_machine_only_and_tells_no_password(site: Site) -> None:
    log = (site.folder / "web.log").read_text(encoding="utf-8")
    assert f"Listening at: http://127.0.0.1:{site.port}" in log and "0.0.0.0" not in log
    secret = (site.folder / "secret_key").read_text().strip()
    assert site.running.password not in log and secret not in log and secret != site.running.password
    for name in ("password", "secret_key", "db.sqlite3"):
        assert stat.S_IMODE((site.folder / name).stat().st_mode) == 0o600
    assert site.start().pid == running_pid(site.folder)


def test_what_was_pushed_comes_back_the_same(
    doccano: Doccano, site: Site, versions: list[Pushed], articles: dict[str, AnnotatedArticle],
    snapshots: Callable[[str], Snapshots],
) -> None:  # fmt: skip
    project = site.project()
    sent = [*versions, *HARD_VERSIONS]
    report = push(doccano, project, sent, snapshots(project))
    assert report.added == tuple(one.document.id for one in sent)
    assert stored(doccano, project) == [one.document for one in sent]
    again = push(doccano, project, sent, snapshots(project))
    assert again.unchanged == report.added and not (again.added or again.updated or again.finished or again.kept)
    back = pull(doccano, project, snapshots(project), take="all")
    assert back.problems == () and all(pulled.told == () for pulled in back.taken)
    pulled = {one.article.id: one.article for one in back.taken}
    assert {id: pulled[id] for id in articles} == articles
    assert len(pulled) == len(sent)
    assert pull(doccano, project, snapshots(project), take="revised").taken == ()


def test_setting_up_again_changes_nothing(doccano: Doccano) -> None:
    first, passwords = set_up(doccano, "双人", ["zhang", "zhao"])
    assert [one.name for one in first] == ["双人", project_name("双人", "zhang"), project_name("双人", "zhao")]
    assert set(passwords) == {"zhang", "zhao"} and all(one.made for one in first)
    again, none = set_up(doccano, "双人", ["zhang", "zhao"])
    assert [one.address for one in again] == [one.address for one in first]
    assert none == {} and not any(one.made for one in again)
    types = doccano.call("label_types", project=doccano.project("双人"))
    for kind in ("span", "relation"):
        assert list(types[kind]) == [one.name for one in label_types() if one.kind == kind]
    with Doccano(Login(doccano.url, "zhang", passwords["zhang"], CLIENT_PYTHON)) as own:
        assert own.project(project_name("双人", "zhang"))
        with pytest.raises(DoccanoError, match="finds no projects"):
            own.project(project_name("双人", "zhao"))


def test_what_no_person_has_touched_is_updated_and_the_rest_stays(
    doccano: Doccano, site: Site, versions: list[Pushed], snapshots: Callable[[str], Snapshots]
) -> None:
    project = site.project("li")
    sent = versions[:5]
    push(doccano, project, sent, snapshots(project))
    id = doccano.project(project)
    before = {example["meta"]["article"]: example for example in doccano.call("examples", project=id)}
    untouched, edited, emptied, confirmed, same = (one.document.id for one in sent)
    with site.login("li") as person:
        row = encode_row(relabel(sent[1], "DOCUMENT").document)
        person.call("replace_labels", project=id, example=before[edited]["id"], spans=row["entities"], relations=[])
        person.call("replace_labels", project=id, example=before[emptied]["id"], spans=[], relations=[])
        person.call("toggle_confirmed", project=id, example=before[confirmed]["id"])
    report = push(doccano, project, [*map(relabel, sent[:4]), sent[4]], snapshots(project))
    assert (report.updated, report.unchanged, report.added) == ((untouched,), (same,), ())
    assert {kept.article: kept.why for kept in report.kept} == {
        edited: "its labels were changed", emptied: "its labels were changed", confirmed: "it is confirmed",
    }  # fmt: skip
    after = {example["meta"]["article"]: example for example in doccano.call("examples", project=id)}
    assert {name for name in after if after[name]["id"] != before[name]["id"]} == {untouched}
    held = {one.id: one for one in stored(doccano, project)}
    assert held[untouched] == relabel(sent[0]).document
    assert held[edited] == relabel(sent[1], "DOCUMENT").document
    assert held[emptied].spans == ()
    assert held[confirmed] == sent[3].document
    back = {one.article.id: one for one in pull(doccano, project, snapshots(project), take="revised").taken}
    assert set(back) == {edited, emptied, confirmed}
    assert back[confirmed].told == () and back[confirmed].confirmed.by == "li"
    assert f"-{len([span for span in sent[2].document.spans if span.label.isupper()])} mentions" in summarize(
        told.change for told in back[emptied].told
    )
    made = [told for told in back[edited].told if told.change.now is not None]
    assert made and all(told.by == "li" and told.at for told in made)


def test_an_article_that_is_there_twice_is_there_once_after_a_push(
    doccano: Doccano, site: Site, versions: list[Pushed], snapshots: Callable[[str], Snapshots]
) -> None:
    project = site.project()
    id = doccano.project(project)
    lines = b"".join(encode_line(one.document) for one in versions[:2]).decode("ascii")
    for _ in range(2):
        assert doccano.call("upload", project=id, lines=lines) == []
    assert len(doccano.call("examples", project=id)) == 4
    report = push(doccano, project, versions[:3], snapshots(project))
    assert (len(report.finished), len(report.added)) == (2, 1)
    assert sorted(one.id for one in stored(doccano, project)) == sorted(one.document.id for one in versions[:3])


def test_a_text_that_was_changed_is_named_and_not_taken(
    doccano: Doccano, site: Site, versions: list[Pushed], snapshots: Callable[[str], Snapshots]
) -> None:
    project = site.project()
    push(doccano, project, versions[:2], snapshots(project))
    with sqlite3.connect(site.folder / "db.sqlite3", timeout=30) as database:
        first = "select min(id) from examples_example where project_id = ?"
        database.execute(
            f"update examples_example set text = text || '。' where id = ({first})", [doccano.project(project)]
        )
    back = pull(doccano, project, snapshots(project), take="all")
    assert [one.article.id for one in back.taken] == [versions[1].document.id]
    assert len(back.problems) == 1 and "the text was changed" in back.problems[0]
    report = push(doccano, project, list(map(relabel, versions[:2])), snapshots(project))
    assert [kept.article for kept in report.kept] == [versions[0].document.id]


def test_a_label_that_the_scheme_cannot_hold_is_named_with_its_address(
    doccano: Doccano, site: Site, versions: list[Pushed], snapshots: Callable[[str], Snapshots]
) -> None:
    project = site.project()
    push(doccano, project, versions[:1], snapshots(project))
    id = doccano.project(project)
    (example,) = doccano.call("examples", project=id)
    wide = document("x", None, versions[0].document.text, [Span(0, 3, "LOC"), Span(1, 5, "ORG")], [])
    doccano.call("replace_labels", project=id, example=example["id"], spans=encode_row(wide)["entities"], relations=[])
    back = pull(doccano, project, snapshots(project), take="all")
    assert back.taken == () and "overlap" in back.problems[0] and f"/projects/{id}/" in back.problems[0]


def test_without_what_was_pushed_the_changes_cannot_be_told(
    doccano: Doccano, site: Site, versions: list[Pushed], tmp_path: Path
) -> None:
    project = site.project()
    push(doccano, project, versions[:1], Snapshots(tmp_path / "here", project))
    back = pull(doccano, project, Snapshots(tmp_path / "elsewhere", project), take="all")
    assert back.taken == () and "does not say what was pushed" in back.problems[0]


def test_a_wrong_password_and_an_absent_server_are_said_plainly(site: Site) -> None:
    with pytest.raises(DoccanoError, match="the password is wrong"):
        site.login(password="wrong")
    with pytest.raises(DoccanoError, match="does not answer"):
        Doccano(Login("http://127.0.0.1:9", "x", "y", CLIENT_PYTHON))
    with pytest.raises(DoccanoError, match="no environment with doccano-client"):
        Doccano(Login(site.running.url, "x", "y", Path("/nowhere/python")))


def test_a_project_that_would_lose_labels_is_refused(doccano: Doccano, site: Site) -> None:
    (found,) = doccano.call("find_projects", name=site.project())
    check_project(found, doccano.url)
    for setting in ("allow_overlapping", "collaborative_annotation", "use_relation", "grapheme_mode"):
        with pytest.raises(DoccanoError, match=setting):
            check_project({**found, setting: not found[setting]}, doccano.url)
