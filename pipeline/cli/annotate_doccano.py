"""The commands of `baozhi annotate` that need a doccano server."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import typer

from pipeline.annotation.adjudicate import adjudication_types, decide, differing, plain
from pipeline.annotation.changes import summarize
from pipeline.annotation.client import CLIENT_PYTHON, Doccano, Login
from pipeline.annotation.outgoing import Order, read_versions
from pipeline.annotation.pull import PullReport, Take, pull
from pipeline.annotation.push import PushReport, push
from pipeline.annotation.server import SERVER_PYTHON, USER, start_server, stop_server
from pipeline.annotation.settle import settle
from pipeline.annotation.setup import make_project, set_up
from pipeline.annotation.snapshots import Snapshots
from pipeline.batch.files import whole_files
from pipeline.records import encode_line

PASSWORD_VARIABLE = "BAOZHI_DOCCANO_PASSWORD"
STATE = Path("output/doccano")

Url = typer.Option("http://127.0.0.1:8000", help="The address of the doccano server.")
User = typer.Option(USER, help="The account that pushes and pulls; people have accounts of their own.")
PasswordFile = typer.Option(None, help=f"The file with its password; else {PASSWORD_VARIABLE}, else it is asked for.")
Project = typer.Option("baozhi", help="The project's name.")
Client = typer.Option(CLIENT_PYTHON, envvar="BAOZHI_DOCCANO_CLIENT", help="The python that has doccano-client.")
State = typer.Option(STATE, help="The folder that remembers what was pushed.")
Server = typer.Option(SERVER_PYTHON, help="The python that has the doccano server.")


def register(app: typer.Typer) -> None:
    """Add the commands to `baozhi annotate`."""
    app.command("start")(start_command)
    app.command("stop")(stop_command)
    app.command("setup")(setup_command)
    app.command("push")(push_command)
    app.command("pull")(pull_command)
    app.command("adjudicate")(adjudicate_command)


def start_command(
    state: Path = State, port: int = typer.Option(8000, help="The port, on this machine only."), server: Path = Server
) -> None:
    """Start a doccano of your own on this machine; it goes on until `baozhi annotate stop`."""
    running = start_server(state / "server", port=port, python=server)
    print(f"doccano runs at {running.url}; the password of {running.user} lies in {running.password_file}")


def stop_command(state: Path = State) -> None:
    """Stop it; what people have done stays in its folder."""
    print("stopped" if stop_server(state / "server") else "it was not running")


def setup_command(
    *,
    url: str = Url, user: str = User, project: str = Project,
    person: list[str] = typer.Option([], help="Who annotates; may be given several times."),
    shared_only: bool = typer.Option(False, help="Make no project of their own for each person."),
    password_file: Path | None = PasswordFile, state: Path = State, client: Path = Client,
) -> None:  # fmt: skip
    """Make the projects: one that all share for revision, one for each person for agreement."""
    with _connect(url, user, password_file, client) as doccano:
        ready, passwords = set_up(doccano, project, person, shared_only=shared_only)
    for one in ready:
        print(f"{one.address}  {one.name}  {'made' if one.made else 'was there'}  {', '.join(one.people)}")
    for name, password in passwords.items():
        path = state / "passwords" / name
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.touch(mode=0o600)
        path.write_text(password + "\n", encoding="utf-8")
        print(f"the account {name} was made; its password lies in {path}")


def push_command(
    *,
    records: Path = typer.Argument(..., help="Records, or hand annotations."),
    url: str = Url, user: str = User, project: str = Project,
    order: Order = typer.Option("least-certain", help="Which articles come first."),
    password_file: Path | None = PasswordFile, state: Path = State, client: Path = Client,
) -> None:  # fmt: skip
    """Push articles with their labels to a project; what people have touched there stays as it is."""
    versions = read_versions(records, order=order)
    with _connect(url, user, password_file, client) as doccano:
        report = push(doccano, project, versions, Snapshots(state, project))
        _show_push(report)
        print(f"open {doccano.address(doccano.project(project))}")


def pull_command(
    *,
    output: Path = typer.Option(..., help="The file of hand annotations to write; its changes are put beside it."),
    url: str = Url, user: str = User, project: str = Project,
    take: Take = typer.Option("revised", help="revised: changed or confirmed by someone; confirmed; or all."),
    password_file: Path | None = PasswordFile, state: Path = State, client: Path = Client,
) -> None:  # fmt: skip
    """Bring the labels back as hand annotations, and say what people have changed."""
    with _connect(url, user, password_file, client) as doccano:
        report = pull(doccano, project, Snapshots(state, project), take=take)
    for pulled in report.taken:
        done = f"  confirmed by {pulled.confirmed.by}" if pulled.confirmed else "  not confirmed yet"
        print(f"{pulled.article.id}: {summarize(told.change for told in pulled.told)}{done}")
    print(f"in all: {summarize(told.change for pulled in report.taken for told in pulled.told)}")
    print(f"{len(report.taken)} articles taken, {len(report.left)} left that nobody has touched")
    if report.taken:
        changes = output.with_suffix(".changes.jsonl")
        with whole_files(output, changes) as (articles, told_file):
            articles.writelines(encode_line(pulled.article) for pulled in report.taken)
            told_file.writelines(
                encode_line({
                    "article": pulled.article.id, "layer": told.change.layer, "kind": told.change.kind,
                    "was": told.change.was, "now": told.change.now, "said": told.change.describe(pulled.article.text),
                    "by": told.by, "at": told.at, "confirmed": pulled.confirmed,
                })
                for pulled in report.taken
                for told in pulled.told
            )  # fmt: skip
        print(f"{output}: {len(report.taken)} articles; {changes}: what changed")
    _list_problems(report)


def adjudicate_command(
    *,
    a: Path = typer.Argument(..., help="The first person's annotations."),
    b: Path = typer.Argument(..., help="The second person's annotations."),
    merge: bool = typer.Option(False, "--merge", help="Bring the answer back, instead of pushing the differences."),
    output: Path | None = typer.Option(None, help="With --merge: the file of settled articles to write."),
    settlement: Path | None = typer.Option(None, help="With --merge: the file of decisions to write."),
    person: list[str] = typer.Option([], help="Who decides."),
    url: str = Url, user: str = User,
    project: str = typer.Option("baozhi · adjudication", help="The project's name."),
    password_file: Path | None = PasswordFile, state: Path = State, client: Path = Client,
) -> None:  # fmt: skip
    """Let a third person decide what two have marked differently, then settle the two by the decisions."""
    if merge and (output is None or settlement is None):
        raise typer.BadParameter("--merge needs --output and --settlement")
    shown = differing(a, b)
    with _connect(url, user, password_file, client) as doccano:
        if not merge:
            make_project(doccano, project, "Adjudication: delete what is wrong.", person, adjudication_types(shown))
            _show_push(push(doccano, project, shown, Snapshots(state, project)))
            print(f"open {doccano.address(doccano.project(project))}")
            return
        report = pull(doccano, project, Snapshots(state, project), take="confirmed", read_as=plain)
    answer = decide(a, b, shown, report)
    for what in answer.open:
        print(f"open: {what}", file=sys.stderr)
    if answer.open:
        raise typer.Exit(1)
    assert output is not None and settlement is not None  # checked above
    with whole_files(settlement) as (decisions,):
        decisions.writelines(map(encode_line, answer.decisions))
    articles = settle(a, b, settlement)
    with whole_files(output) as (settled,):
        settled.writelines(map(encode_line, articles))
    print(f"{output}: {len(articles)} articles; {settlement}: {len(answer.decisions)} decisions")


def _connect(url: str, user: str, password_file: Path | None, client: Path) -> Doccano:
    if password_file is not None:
        password = password_file.read_text(encoding="utf-8").strip()
    else:
        password = os.environ.get(PASSWORD_VARIABLE) or typer.prompt(f"password of {user}", hide_input=True, err=True)
    return Doccano(Login(url, user, password, client))


def _show_push(report: PushReport) -> None:
    for kept in report.kept:
        print(f"{kept.address}: {kept.article} stays as it is: {kept.why}")
    print(report)


def _list_problems(report: PullReport) -> None:
    for problem in report.problems:
        print(f"mend first: {problem}", file=sys.stderr)
    if report.problems:
        raise typer.Exit(1)
