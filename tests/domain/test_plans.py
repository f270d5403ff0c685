import time
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from domain.errors import BadInput
from domain.plans import read_plan

DATES = b"release,announced_on,target_date,shipped_on\n1.1,2026-01-05,2026-03-05,\n1.1,2026-02-01,2026-03-12,2026-03-13\n"
HEAD = b"item,title,team,depends_on_teams,release,state,last_updated\n"
HISTORY = b"changed_at,item,old_release,new_release\n"


def words(remarks: list) -> list[tuple[str, int, str]]:
    return [(remark.file, remark.row, remark.words) for remark in remarks]


def test_a_plan_is_read_into_values() -> None:
    items = HEAD + b"K-1,Refunds,payments,mobile,1.1,open,2026-02-03\nK-2,Receipts,mobile,,1.2,done,\n"
    history = HISTORY + b"2026-01-06T10:00:00+02:00,K-1,,1.0\n2026-01-07T10:00:00+02:00,K-1,1.0,1.1\n"
    plan = read_plan(DATES, items, history)
    first = plan.releases[0]
    assert [(one.announced_on, one.target_on) for one in first.dates] == [
        (date(2026, 1, 5), date(2026, 3, 5)),
        (date(2026, 2, 1), date(2026, 3, 12)),
    ]
    assert first.shipped_on == date(2026, 3, 13)
    assert [release.name for release in plan.releases] == ["1.1", "1.2", "1.0"] and plan.report.undated == ("1.2", "1.0")
    assert (plan.items[0].depends_on, plan.items[0].updated_on) == (("mobile",), date(2026, 2, 3))
    assert next((move.before, move.after, move.at) for move in plan.moves) == (None, "1.0", datetime(2026, 1, 6, 8, tzinfo=UTC))
    assert plan.teams == ("payments", "mobile")
    assert plan.report.skipped == [] and plan.report.taken.total() == 6


def test_dirt_is_named_row_by_row() -> None:
    dates = DATES + b"1.1,soon,2026-03-05,\n,2026-01-01,2026-01-01,\n1.2,2026-01-01,2026-02-31,\n"
    items = (
        HEAD
        + b"K-1,a,payments,,1.1,open,v1.30\nK-1,b,payments,,1.1,open,\n,No key,payments,,1.1,open,\nK-2,,payments,,1.1,stuck,\nK-3,a,b\n"
    )
    history = HISTORY + b"2026-01-06T10:00:00Z,K-9,,1.1\nyesterday,K-1,,1.1\n2026-01-06T10:00:00Z,K-1,1.1,1.1\n"
    report = read_plan(dates, items, history).report
    assert [(file, row) for file, row, _ in words(report.skipped)] == [
        ("release-dates.csv", 4),
        ("release-dates.csv", 5),
        ("release-dates.csv", 6),
        ("items.csv", 3),
        ("items.csv", 4),
        ("items.csv", 6),
        ("item-history.csv", 2),
        ("item-history.csv", 3),
        ("item-history.csv", 4),
    ]
    assert 'announced_on "soon" is not a day' in report.skipped[0].words
    assert "row 2 already" in report.skipped[3].words and "3 cells where 7" in report.skipped[5].words
    assert [row for _, row, _ in words(report.remarks)] == [2, 5, 5]


def test_teams_spelled_two_ways_unknown_teams_and_waits_for_oneself() -> None:
    items = HEAD + (
        b"K-1,a,sig-api-machinery,sig-apimachinery sig-node,1.1,open,\n"
        b"K-2,b,sig-node,sig-api-machinery sig-nod wg-lts,1.1,open,\nK-3,c,Sig Node,sig-node,1.1,open,\nK-4,d,sig-node,,1.1,open,\n"
    )
    plan = read_plan(DATES, items)
    assert plan.teams == ("sig-api-machinery", "sig-node")
    assert [item.depends_on for item in plan.items] == [("sig-node",), ("sig-api-machinery",), (), ()]
    assert plan.report.self_waits == 2
    assert [(team.name, team.rows, team.nearest) for team in plan.report.unknown_teams] == [("sig-nod", 1, "sig-node"), ("wg-lts", 1, None)]


def test_teams_that_exist_already_keep_their_name() -> None:
    plan = read_plan(DATES, HEAD + b"K-1,a,payments,docs,1.1,open,\n", known_teams=["Payments", "Docs"])
    assert plan.items[0].team == "Payments" and plan.items[0].depends_on == ("Docs",)


@pytest.mark.parametrize(
    ("dates", "sentence"),
    [
        (b"", "is empty"),
        (b"\n\n", "is empty"),
        (b"release\n1.1\n", "lacks the columns announced_on, target_date and shipped_on"),
        (DATES + b"caf\xe9,2026-01-01,2026-01-01,\n", "not UTF-8"),
        (DATES + b"a\0b,2026-01-01,2026-01-01,\n", "NUL byte in line 4"),
        (b"PK\x03\x04rest", "is a spreadsheet"),
        (DATES + b'"open', "comma-separated rows"),
        (DATES + b"x" * 200_000 + b",2026-01-01,2026-01-01,\n", "comma-separated rows"),
        (Path("/no/such/file.csv"), "There is no file"),
        (Path("/"), "cannot be opened"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_sentence(dates: bytes | Path, sentence: str) -> None:
    with pytest.raises(BadInput, match=sentence) as wrong:
        read_plan(dates, HEAD)
    assert list(wrong.value.fields) == ["release-dates.csv"] and "\n" not in wrong.value.sentence


def test_files_as_spreadsheets_save_them(tmp_path: Path) -> None:
    path = tmp_path / "dates.csv"
    path.write_bytes(b"\xef\xbb\xbfRelease;Announced on;Target date;Shipped on\r\n1.1;2026-01-05;2026-03-05;\r\n;;;\r\n")
    assert read_plan(path, HEAD).releases[0].name == "1.1"
    assert read_plan(DATES.decode().encode("utf-16"), HEAD).releases[0].name == "1.1"


def test_a_hundred_thousand_items_take_seconds() -> None:
    items = HEAD + b"".join(
        b"K-%d,Title %d,team-%d,team-%d team-%d,1.%d,open,2026-01-01\n" % (i, i, i % 200, i % 199, i % 7, i % 40) for i in range(100_000)
    )
    seen: list[int] = []
    started = time.process_time()
    plan = read_plan(DATES, items, on_row=lambda file, row: seen.append(row))
    assert len(plan.items) == 100_000 and time.process_time() - started < 10
    assert len(seen) == 200
