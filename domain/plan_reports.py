"""What became of the rows of a plan, in lines that a person reads: one line a reason, with how often and where."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence

from domain.tables import Remark

MOST_ROWS = 8  # row numbers named for one reason
MOST_REASONS = 20


def grouped(title: str, remarks: Sequence[Remark]) -> list[str]:
    """One line a reason, with how often and in which rows."""
    groups: dict[tuple[str, str], list[Remark]] = defaultdict(list)
    for remark in remarks:
        groups[remark.file, re.sub(r'"[^"]*"|\S*\d\S*', "…", remark.words)].append(remark)
    ranked = sorted(groups.items(), key=lambda group: -len(group[1]))
    lines = [f"{title}: {file}: {_reason(words, found)} ({_rows(found)})" for (file, words), found in ranked[:MOST_REASONS]]
    if len(ranked) > MOST_REASONS:
        lines.append(f"{title}: {len(ranked) - MOST_REASONS:,} more reasons.")
    return lines


def _reason(words: str, found: Sequence[Remark]) -> str:
    return found[0].words if len(found) == 1 else words


def _rows(found: Iterable[Remark]) -> str:
    rows = [remark.row for remark in found]
    if len(rows) == 1:
        return f"row {rows[0]}"
    left = f" and {len(rows) - MOST_ROWS:,} more" if len(rows) > MOST_ROWS else ""
    return f"{len(rows):,} rows: {', '.join(str(row) for row in rows[:MOST_ROWS])}{left}"
