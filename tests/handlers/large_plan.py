"""A made-up plan of any size, as three files: for the soak run and its figures."""

from datetime import date, datetime, timedelta
from pathlib import Path


def write_large_plan(folder: Path, items: int, *, releases: int = 60, teams: int = 200) -> tuple[Path, Path, Path]:
    """Every piece of work is planned once and every second one has moved once; each third one waits for another team."""
    first, dates, work, moves = date(2022, 1, 3), ["release,announced_on,target_date,shipped_on"], [], []
    for n in range(releases):
        day = first + timedelta(days=28 * n)
        dates += [f"v{n},{day},{day + timedelta(days=60)},", f"v{n},{day + timedelta(days=20)},{day + timedelta(days=67)},"]
    work.append("item,title,team,depends_on_teams,release,state,last_updated")
    moves.append("changed_at,item,old_release,new_release")
    for n in range(items):
        now, was = n % releases, (n + 7) % releases
        waits = f"team-{(n * 13 + 1) % teams}" if n % 3 == 0 else ""
        work.append(f"K-{n},A piece of work number {n} with a title,team-{n % teams},{waits},v{now},{('open', 'done')[n % 2]},2024-03-05")
        at = datetime(2022, 3, 1) + timedelta(minutes=n)  # noqa: DTZ001
        moves.append(f"{at.isoformat()}+00:00,K-{n},,v{was if n % 2 else now}")
        if n % 2:
            moves.append(f"{(at + timedelta(days=90)).isoformat()}+00:00,K-{n},v{was},v{now}")
    paths = folder / "dates.csv", folder / "items.csv", folder / "history.csv"
    for path, lines in zip(paths, (dates, work, moves), strict=True):
        path.write_text("\n".join(lines) + "\n")
    return paths
