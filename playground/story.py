"""What happened in the made-up company so far, told through the bot: people type commands, use shortcuts, press buttons and talk.

Every date is counted from today.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from playground import story_releases, story_voices
from playground.days import Days
from playground.sample import CUSTOMER_TEAM
from playground.telling import Teller
from playground.workspace import LocalSlack

if TYPE_CHECKING:
    from bot.app import App

Chapter = Callable[[Teller, Days], Awaitable[None]]


async def tell(slack: LocalSlack, app: "App") -> str:
    """The company's last months. Returns what to say about it on the console."""
    days, teller = Days(slack.clock.now()), Teller(slack, app)
    async with teller.quickly():
        for moment, chapter in sorted(chapters(days), key=lambda part: part[0]):
            await teller.jump(moment)
            await chapter(teller, days)
    teller.reload()
    await story_voices.this_morning(teller, days)
    return "Kestrel is a made-up company: 5 teams, 12 open releases, and what happened to them since the summer."


def chapters(days: Days) -> list[tuple[datetime, Chapter]]:
    return [
        (days.back(69, "09:30"), set_up),
        (days.last_monday("15:00") - timedelta(days=4), subscribe),
        *((days.back(ago, "09:00"), morning) for ago in (8, 4, 3, 1)),
        (days.back(2, "14:45"), morning),
        (days.last_monday("09:00"), morning),
        (days.last_monday("11:00"), story_voices.about_the_digest),
        *story_releases.chapters(days),
        *story_voices.chapters(days),
    ]


async def morning(teller: Teller, days: Days) -> None:
    """Nobody does anything; the bot does what is due, such as reminders."""


async def set_up(teller: Teller, days: Days) -> None:
    """The head of product operations says who the teams are."""
    for team in (
        "Payments lead <@U0PAUL> in Berlin holidays DE",
        "Mobile lead <@U0MONA> in London",
        "Platform lead <@U0PETRA> in New York",
        "Identity lead <@U0IRIS> in Berlin",
        "Trust lead <@U0TOM> in London",
    ):
        await teller.types("U0OLGA", "C0WEEKLY", f"/team new {team}")
    for channel, team in (("C0PAY", "Payments"), ("C0MOB", "Mobile"), ("C0PLAT", "Platform")):
        await teller.types("U0OLGA", channel, f"/team channel {team}")
    await teller.types("U0OLGA", "C0WEEKLY", "/tendon home <#C0WEEKLY|product-weekly>")
    await teller.types("U0OLGA", "C0WEEKLY", "/tendon audience")
    await teller.fills("U0OLGA", {"groups": [CUSTOMER_TEAM]})


async def subscribe(teller: Teller, days: Days) -> None:
    await teller.says("U0OLGA", "C0WEEKLY", "From now on the week arrives here by itself, every Monday at 09:00. No more slides.")
    await teller.types("U0OLGA", "C0WEEKLY", "/digest subscribe every Monday at 09:00 in Berlin")
    await teller.says("U0MONA", "C0WEEKLY", "Good. I read it on the train.")
