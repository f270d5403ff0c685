"""What people do at the front door."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot import access
from bot import blockkit as kit
from bot.answers import Answer, Message, Nothing, Open, Say
from bot.deps import Deps
from bot.requests import Actor, Request
from bot.slices import reads
from domain.errors import BadInput
from domain.facts import HomeUsed
from domain.sources import Answering
from domain.words import read_channel
from handlers.tendon import views
from models.finding import lock_workspace, this_workspace

MOST_UNSENT = 8

_WORDS = {
    "post": "A message",
    "rewrite": "A change of a message",
    "whisper": "A private note",
    "respond": "A private answer",
    "home": "A Home page",
}


async def show_menu(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    above = [block for part in deps.slices.greet for block in await part.run(session, request.actor, deps)]
    return Say(views.menu(_entries(deps), above))


@reads
async def show_help(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    prefix = deps.settings.command_prefix
    listed = [
        views.Listed(f"/{prefix}{command.name.removeprefix('/')}", command.says, [verb.name for verb in command.verbs])
        for command in deps.slices.commands.values()
    ]
    return Say(views.commands(listed))


def _entries(deps: Deps) -> list[views.Entry]:
    return [views.Entry(item.label, item.action_id, item.says) for item in deps.slices.menu]


async def draw_home(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """Somebody opened Home: draw it anew."""
    if request.event.get("tab", "home") == "home":
        await _draw(session, request.actor, deps)
    return Nothing()


async def draw_home_again(session: AsyncSession, fact: HomeUsed, deps: Deps) -> None:
    """Somebody did something in Home, who goes on looking at it."""
    if fact.actor:
        await _draw(session, await access.actor_of(session, fact.actor), deps)


async def _draw(session: AsyncSession, viewer: Actor, deps: Deps) -> None:
    above: list[Any] = []
    needed: list[Any] = []
    parts: list[Any] = []
    for contribution in deps.slices.home:
        place = above if contribution.rank < 0 else needed if contribution.rank < 50 else parts
        place.extend(await contribution.run(session, viewer, deps))
    page = views.home(above[:10], needed[:20], parts[:30], _entries(deps), deps.now(), viewer.zone)
    await deps.outbox.home(session, viewer.slack_id, page)


async def set_home_channel(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """`/tendon home #channel`; alone it asks which."""
    await access.may_run(session, request.actor, "choose the home channel")
    if not request.text:
        return Open(views.home_form((await this_workspace(session)).home_channel, request.origin))
    channel = read_channel(request.text).id
    if channel is None:
        raise BadInput({"channel": f'I do not know the channel "{kit.cut(request.text, 40)}". Write # and pick one. Nothing was changed.'})
    return await _make_home(session, channel)


async def save_home_channel(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    await access.may_run(session, request.actor, "choose the home channel")
    return await _make_home(session, str(request.state["channel"]))


async def _make_home(session: AsyncSession, channel: str) -> Answer:
    workspace = await lock_workspace(session)
    place = await access.place_of(session, channel)
    if place.answering is Answering.OUTSIDERS:
        raise BadInput({"channel": "People from outside the company, or guests, read there. Pick another channel. Nothing was changed."})
    workspace.home_channel = channel
    invite = "" if place.may_answer else " I may not be in it yet: say `/invite @Tendon` there."
    return Say(Message(f"What has no other place goes to {kit.channel(channel)} from now on.{invite}"))


@reads
async def show_health(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    health = await deps.outbox.health(session, MOST_UNSENT)
    mine = request.actor.is_product_operations or request.actor.is_admin
    rows = [
        views.Unsent(row.id, _WORDS.get(row.kind, "Work of mine"), _where(row.lane), row.reason, row.cure, row.since)
        for row in health.rows
        if mine
    ]
    return Say(views.health(health.waiting, health.dead, rows, request.actor.zone))


async def try_again(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    access.may_change(request.actor)
    again = await deps.outbox.retry(session, int(request.value or 0))
    return Say(
        Message("It is on its way again. `/tendon health` shows whether it arrived." if again else "That was sent or tried again already.")
    )


def _where(lane: str) -> str:
    """A lane is named after the channel or the person at its end."""
    target = lane.rsplit(":", 1)[-1]
    if target[:1] in ("U", "W"):
        return kit.person(target)
    return kit.channel(target) if target[:1] in ("C", "G", "D") else "Slack"
