"""`tendon import plan`: bring a plan from files into a workspace, all or nothing, with a report of every row. It posts nothing."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from bot.config import load
from bot.database import Database
from bot.deps import system_clock
from bot.exporting import the_workspace
from domain.errors import BadInput
from domain.phrases import say_count
from domain.plan_reports import MOST_REASONS, grouped
from domain.plans import Plan, read_plan
from models.ledger import Written
from models.planning import known_team_names, write_plan

Step = Callable[[str, int, int], None]

commands = typer.Typer(name="import", no_args_is_help=True, help="Bring plans in from files.")


@commands.callback()
def bring_in() -> None:
    """Bring plans in from files."""


@commands.command("plan")
def import_plan(
    releases: Annotated[Path, typer.Option(help="Dates: release, announced_on, target_date, shipped_on.")],
    items: Annotated[Path, typer.Option(help="Work: item, title, team, depends_on_teams, release, state, last_updated.")],
    history: Annotated[Path | None, typer.Option(help="Moves of work: changed_at, item, old_release, new_release.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Report what would be taken, and write nothing.")] = False,
    workspace: Annotated[str, typer.Option(help="A Slack team id; by default the only one.")] = "",
) -> None:
    """Bring a plan in. It may be run again: what is known stays, and what people changed in Slack wins."""
    out = Console(highlight=False, soft_wrap=True)
    try:
        with Progress(console=out, transient=True) as bar:
            lines = asyncio.run(_run(releases, items, history, dry_run, workspace, _steps(bar)))
    except BadInput as wrong:
        out.print(str(wrong), markup=False)
        raise typer.Exit(code=1) from None
    for line in lines:
        out.print(line, markup=False)


def _steps(bar: Progress) -> Step:
    """A line of the progress bar for each kind of work."""
    tasks: dict[str, object] = {}

    def step(what: str, done: int, of: int) -> None:
        task = tasks.setdefault(what, bar.add_task(what, total=of or None))
        bar.update(task, completed=done, total=of or None)  # type: ignore[arg-type]

    return step


async def _run(releases: Path, items: Path, history: Path | None, dry_run: bool, workspace: str, step: Step) -> list[str]:
    database = Database(load().database_url)
    try:
        found = await the_workspace(database, workspace)
        return await bring(database, found.id, releases, items, history, clock=system_clock, dry_run=dry_run, step=step)
    finally:
        await database.close()


async def bring(
    database: Database,
    workspace_id: int,
    releases: Path | bytes,
    items: Path | bytes,
    history: Path | bytes | None = None,
    *,
    clock: Callable[[], datetime],
    dry_run: bool = False,
    step: Step = lambda what, done, of: None,
) -> list[str]:
    """Read the files, then write what is new in one transaction. The report, a line each. Raises BadInput when a file cannot be read."""
    async with database.reading(workspace_id, clock=clock) as session:
        teams = await known_team_names(session)
    plan = await asyncio.to_thread(
        read_plan, releases, items, history, known_teams=teams, on_row=lambda file, row: step(f"reading {file}", row, 0)
    )
    async with database.transaction(workspace_id, clock=clock, by="import plan") as session:
        written = await write_plan(session, plan, clock(), step)
        if dry_run:
            await session.rollback()
    return report(plan, written, dry_run)


def report(plan: Plan, written: Written, dry_run: bool = False) -> list[str]:
    """What was taken, what was skipped and why, and what stays as people have it."""
    kinds = ", ".join(f"{count:,} {kind}" for kind, count in written.counts.items() if count)
    lines = [*plan.report.lines()]
    lines += grouped("Skipped", plan.report.skipped)
    lines += grouped("To know", plan.report.remarks)
    if written.unplaced:
        names = ", ".join(written.unplaced)
        lines.append(
            f"{say_count(len(written.unplaced), 'release')} without a date, whose work is all done or dropped: not made. "
            f"{say_count(sum(written.unplaced.values()), 'piece')} of work taken without a release: {names}."
        )
    if written.missing:
        lines.append(f"{say_count(written.missing, 'piece')} of work of an earlier import: not in the plan any more, kept.")
    lines += [f"Kept: {line}" for line in written.kept[:MOST_REASONS]]
    if len(written.kept) > MOST_REASONS:
        lines.append(f"Kept: {len(written.kept) - MOST_REASONS:,} more that were changed in Slack.")
    if written.is_nothing:
        lines.append("Nothing new: everything in the plan is known already.")
    elif dry_run:
        lines.append(f"Would write {kinds}. Nothing was written.")
    else:
        lines.append(f"Wrote {kinds}. Nothing was posted.")
    return lines
