"""A server that dies in the middle of a push: the next push completes it, and nothing is there twice."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from documents_at_hand import relabel, stored
from sites import Site

from pipeline.annotation.client import DoccanoError
from pipeline.annotation.push import push
from pipeline.annotation.snapshots import Pushed, Snapshots

EXAMPLES = "select count(*) from examples_example where project_id = {}"
SPANS = "select count(*) from labels_span s join examples_example e on s.example_id = e.id where e.project_id = {}"


def kill_when(site: Site, reached: Callable[[], bool]) -> threading.Thread:
    """Kill the server as soon as its database says so."""

    def watch() -> None:
        while not reached():
            time.sleep(0.002)
        site.kill()

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    return thread


def missing(site: Site, project: str, sent: int) -> int:
    """Count the articles that are not there, or not seen to be whole."""
    examples = site.own.call("examples", project=site.own.project(project))
    return sent - sum(example["meta"]["state"] == "written" for example in examples)


@pytest.mark.parametrize(
    ("moment", "batch"),
    [((EXAMPLES, 1), 50), ((SPANS, 150), 10)],
    ids=["in the first batch", "in a later one"],
)
def test_a_push_that_was_broken_off_is_completed(
    site: Site, versions: list[Pushed], tmp_path: Path, moment: tuple[str, int], batch: int
) -> None:
    project, (question, at_least) = site.project(), moment
    push_some = partial(push, snapshots=Snapshots(tmp_path, project), batch=batch)
    asked = question.format(site.own.project(project))
    killer = kill_when(site, lambda: site.count(asked) >= at_least)
    with pytest.raises(DoccanoError):
        push_some(site.own, project, versions)
    killer.join()
    site.start()
    assert missing(site, project, len(versions)) > 0
    report = push_some(site.own, project, versions)
    assert report.finished and report.kept == ()
    assert len(report.finished) + len(report.added) + len(report.unchanged) == len(versions)
    held = sorted(stored(site.own, project), key=lambda one: one.id)
    assert held == sorted((one.document for one in versions), key=lambda one: one.id)


def test_an_update_that_was_broken_off_is_completed(
    site: Site, versions: list[Pushed], snapshots: Callable[[str], Snapshots]
) -> None:
    project = site.project()
    sent, changed = versions[:12], list(map(relabel, versions[:12]))
    push(site.own, project, sent, snapshots(project))
    asked = SPANS.format(site.own.project(project))
    whole = site.count(asked)
    killer = kill_when(site, lambda: site.count(asked) < whole)  # the old ones go, the new ones have not come
    with pytest.raises(DoccanoError):
        push(site.own, project, changed, snapshots(project))
    killer.join()
    site.start()
    assert missing(site, project, len(sent)) > 0
    report = push(site.own, project, changed, snapshots(project))
    assert (report.added or report.finished) and report.kept == ()
    held = sorted(stored(site.own, project), key=lambda one: one.id)
    assert held == sorted((one.document for one in changed), key=lambda one: one.id)
