"""Lines as people type them, on phones and in a hurry, walked through the bot; and that none changes a release that it does not name."""

import re
from pathlib import Path
from random import Random

import pytest

from domain.words import tidy
from tests.handlers.line_world import NAMES, as_before, last_row, lines_world, outcome, written
from tests.world import World

LINES = [line.split(" ⇒ ") for line in (Path(__file__).parent / "typed_lines.txt").read_text("utf-8").splitlines()]
WALKED = 500  # random lines on each database


async def test_what_each_line_led_to(world: World) -> None:
    await lines_world(world)
    pia = world.as_("U_PM")
    led_to = [(line, await outcome(world, pia, line)) for line, _ in LINES]
    assert [each for each, (line, wanted) in zip(led_to, LINES, strict=True) if each != (line, wanted)] == []


def test_there_are_enough_of_them() -> None:
    assert len({line for line, _ in LINES}) >= 200


NAME_FIRST = ("move", "push", "commit", "ship", "stage", "cancel", "health", "owner", "rename", "restrict", "rollback", "unrestrict")
ANYWHERE = ("alias", "unalias", "duplicate", "add", "take")
JOINS = ("to", "on", "by", "for", "as", "of", "because", "due to", "since", "-", "–", ":", ",", "until", "out of", "into", "=", "→", "is")
DAYS = ("12 March", "Friday", "mid Q2", "3/4", "tomorrow", "12.3.2027", "2 weeks", "another week", "20 Nov", "2.4", "next month")
GROUP = "<!subteam^S_DESIGN|@design>"
REST = (
    "vendor late",
    "red",
    "at risk",
    "green",
    "beta",
    "everyone",
    "<@U_LEAD>",
    "<@U_MOB|mona>",
    "me",
    "refunds",
    "help",
    "BR",
    "“x”",
    GROUP,
)
USUAL = {
    "move": ("to 12 March", "to mid Q2", "Friday", "by 2 weeks"),
    "push": ("by a week", "to Friday"),
    "commit": ("to 12 March",),
    "ship": ("", "today", "to beta"),
    "stage": ("beta", "limited"),
    "health": ("red", "at risk", "is green"),
    "owner": ("<@U_LEAD>", "me"),
    "rename": ("to Something else",),
    "restrict": ("to <@U_MOB|mona>", f"to {GROUP}", f"to {GROUP} and <@U_MOB>"),
    "alias": ("as Nightly",),
    "unalias": ("", "of Usage API"),
    "duplicate": ("of Search", "of SSO"),
    "add": ("to Billing", "to SSO - phase 2", "to Move to cloud"),
}
CALLED = {name: n for n, name in enumerate(NAMES, 1)} | {"Invoices": 3}
NUMBERS = ("R-1", "r2", "#5", "R 9", "14", "R-99", "F-3")


def a_line(random: Random) -> tuple[str, str]:
    """A verb and what stands behind it, out of pieces that could each be misread as another."""

    def name() -> str:
        typed = random.choice([*CALLED, *NUMBERS])
        typed = random.choice([typed, typed, typed.lower(), typed.upper(), typed.replace(" ", "\u00a0")])
        return random.choice([typed, typed, typed, f"“{typed}”", f'"{typed}"', f"{typed}."])

    def piece() -> str:
        return random.choice([name, lambda: random.choice(JOINS), lambda: random.choice(DAYS), lambda: random.choice(REST)])()

    verb = random.choice([*NAME_FIRST, *ANYWHERE])
    first = name() if random.random() < 0.7 else piece()
    why = f"{random.choice(['because', 'since', '-', 'due to', ':'])} {random.choice(['vendor late', name()])}"
    rest = (
        f"{random.choice(USUAL.get(verb, ('',)))} {why}"
        if random.random() < 0.6
        else " ".join(piece() for _ in range(random.randint(0, 6)))
    )
    return verb, f"{first} {rest}"


def may_change(verb: str, words: str) -> set[int]:
    """The releases that a line names, by its words alone: a name inside a longer one is none, and most verbs mean the first."""
    typed_so = tidy(words).casefold().split()
    tokens = [token.strip(".,;:?!\"'") or token for token in typed_so]
    found = []
    for start in range(len(tokens)):
        for called, number in CALLED.items():
            parts = called.casefold().split()
            inner = [token.lstrip("\"'") for token in typed_so[start : start + len(parts) - 1]]  # "Open. beta" is not "Open beta"
            if tokens[start : start + len(parts)] == parts and inner == parts[:-1]:
                found.append((start, start + len(parts), number))
        found += [
            (start, start + length, int(typed[1]))
            for length in (1, 2)
            if (typed := re.fullmatch(r"(?:r\s?-?\s?|#)?(\d{1,2})", " ".join(tokens[start : start + length])))
        ]
    whole = [(a, b, n) for a, b, n in found if not any(c <= a and b <= d and (c, d) != (a, b) for c, d, _ in found)]
    first = min((start for start, _, _ in whole), default=0)
    return {number for start, _, number in whole if verb in ANYWHERE or start == first}


@pytest.mark.parametrize("seed", [1, 2])
async def test_no_line_changes_a_release_other_than_the_one_it_names(world: World, seed: int) -> None:
    await lines_world(world)
    random, pia = Random(seed), world.as_("U_PM")
    wrote = 0
    for _ in range(WALKED // 2):
        verb, words = a_line(random)
        since = await last_row(world)
        await pia.command("C_WEEKLY", "/release", f"{verb} {words}")
        if pia.view:
            await pia.close()
        changed = {number for number, _ in await written(world, since) if number <= len(NAMES)}
        assert changed <= may_change(verb, words), f"{verb} {words}"
        if changed:
            wrote += 1
            await as_before(world, since)
    assert wrote > WALKED // 10  # many of them do change something
