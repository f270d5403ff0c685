"""A restricted release is seen by those whom it names, and leaves no trace anywhere else: one row a surface."""

import io
import zipfile
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.told import written
from domain.facts import ReleaseHealthSet
from models import Change, Customer, Feedback, Follow, Hearing, HeldNotice, Release, ReleaseReader
from tests.handlers.release_rows import press, said
from tests.handlers.saying_steps import facing
from tests.world import World

SECRET = "Project Nightjar"


async def _command(world: World, person: str, typed: str, channel: str = "C_WEEKLY", command: str = "/release") -> str:
    reply = await world.as_(person).command(channel, command, typed)
    return "\n".join([reply.text, *said(reply.blocks)])


async def _shared(world: World, person: str) -> str:
    """What stands in the channel after somebody shared their list."""
    await world.as_(person).command("C_WEEKLY", "/release", "status")
    await press(world, person, "C_WEEKLY", "Share to channel")
    await world.as_(person).submit({})
    await world.settle()
    return "\n".join(
        "\n".join([message.text, *said(message.blocks)]) for message in world.as_(person).sees("C_WEEKLY") if not message.ephemeral_for
    )


def typed(words: str, channel: str = "C_WEEKLY") -> Callable[[World, str], Awaitable[str]]:
    async def ask(world: World, person: str) -> str:
        return await _command(world, person, words, channel)

    return ask


def _asked_for(words: str) -> Callable[[World, str], Awaitable[str]]:
    """What the form shows that a line opened, or the answer that came instead of it."""

    async def ask(world: World, person: str) -> str:
        answer = await _command(world, person, words)
        return f"{answer} {world.as_(person).view or ''}"

    return ask


def _named_in_a_thread(words: str) -> Callable[[World, str], Awaitable[str]]:
    """What its readers, and who asked, see in a thread where the bot was named."""

    async def ask(world: World, person: str) -> str:
        who = world.as_(person)
        first = await who.say("C_WEEKLY", "are we fine?")
        await who.say("C_WEEKLY", f"<@{world.slack.bot_user}> {words}", thread=first.ts)
        await world.settle()
        said_by_bot = [message for message in who.thread("C_WEEKLY", first.ts) if message.bot]
        assert said_by_bot
        return "\n".join("\n".join([message.text, *said(message.blocks)]) for message in said_by_bot)

    return ask


async def _press_of_a_kept_button(world: World, person: str) -> str:
    """Whoever has an old message may still press its button."""
    who = world.as_(person)
    await who.command("C_WEEKLY", "/release", "status")
    message = who.sees("C_WEEKLY")[-1]
    element = next(block["accessory"] for block in message.blocks if block.get("accessory"))
    element["value"] = "1"  # the restricted one
    await who.press(message, element["action_id"])
    await world.settle()
    return "\n".join([*said(who.sees("C_WEEKLY")[-1].blocks), who.sees("C_WEEKLY")[-1].text])


def _file(words: str, button: str = "") -> Callable[[World, str], Awaitable[str]]:
    """All words of the file that comes by private message."""

    async def ask(world: World, person: str) -> str:
        await world.as_(person).command("C_WEEKLY", "/release", words)
        if button:
            await press(world, person, "C_WEEKLY", button)
        await world.settle()
        message = world.as_(person).dms()[-1]
        (sent,) = [world.slack.state.files[id] for id in message.files]
        if not sent.name.endswith(".pptx"):
            return f"{message.text}\n{sent.content.decode()}"
        with zipfile.ZipFile(io.BytesIO(sent.content)) as parts:
            return "\n".join([message.text, *(parts.read(name).decode("utf-8", "replace") for name in parts.namelist())])

    return ask


async def _say(world: World, person: str) -> str:
    """Setting what customers may be told opens its form, or knows no such release."""
    await world.as_(person).command("C_WEEKLY", "/release", f"say {SECRET}")
    view = world.as_(person).view
    return "\n".join(said(view["blocks"]))


def outside(words: str) -> Callable[[World, str], Awaitable[str]]:
    """The same asked by somebody who faces customers, where it has words for them."""

    async def ask(world: World, person: str) -> str:
        await facing(world, person)
        await world.as_("U_PLAT").command("C_WEEKLY", "/release", f'say {SECRET} "A secret, coming soon."')
        return await _command(world, person, words)

    return ask


async def _card_of_a_customer(world: World, person: str) -> str:
    """A customer who waits for it; nobody else may see that they wait for anything."""
    async with world.transaction() as session:
        release = (await session.scalars(select(Release.id).where(Release.name == SECRET))).one()
        acme = Customer(name="Acme", folded="acme", listed_at=world.clock.now())
        session.add(acme)
        await session.flush()
        values = {"words": "x", "type": "request", "reporter": "U_OPS", "logged_at": world.clock.now()}
        session.add(Feedback(number=1, customer_id=acme.id, release_id=release, **values))
    answer = await typed_at(world, person, "/customer", "Acme")
    assert ("1 awaited" in answer) is (SECRET in answer)
    return answer


async def typed_at(world: World, person: str, command: str, words: str) -> str:
    reply = await world.as_(person).command("C_WEEKLY", command, words)
    return "\n".join([reply.text, *said(reply.blocks)])


async def _digest(world: World, person: str) -> str:
    """As set-up shows what the channel would get first."""
    await world.move_to(world.clock.now() + timedelta(days=25))  # it is late by now
    return await typed_at(world, person, "/digest", "preview")


async def _gathered(world: World, person: str) -> str:
    """What was held for a follower while it was nobody's secret yet."""
    now = world.clock.now()
    about = {"field": "health", "after": "red", "actor": "U_OPS", "happened_at": now, "recorded_at": now}
    async with world.transaction() as session:
        for release in await session.scalars(select(Release.id)):
            change = Change(release_id=release, **about)
            session.add_all([change, Follow(release_id=release, person=person, followed_at=now)])
            await session.flush()
            fact = ReleaseHealthSet(key="k", actor="U_OPS", release_id=release, change_id=change.id, health="red", reason="")
            session.add(HeldNotice(person=person, change_id=change.id, fact="ReleaseHealthSet", says=written(fact), held_at=now))
            change.reason = "1 Dec" if release == 1 else ""
        session.add(Hearing(person=person, level="everything", next_at=now))
    await world.tick()
    (message,) = world.as_(person).dms()
    assert ("2 changes" in message.text) is (SECRET in message.text)
    return "\n".join([message.text, *said(message.blocks)])


# Where a release could show. Whoever adds a place where releases are shown adds a row here.
SURFACES: dict[str, Callable[[World, str], Awaitable[str]]] = {
    "the list": typed("status"),
    "the list in its team's channel": typed("status", "C_PAY"),
    "the team's list": typed("status Payments"),
    "its owner's list": typed("status <@U_PLAT|petra>"),
    "a filter": typed("status all"),
    "its card by name": typed(f"status {SECRET}"),
    "its card by number": typed("R-1"),
    "a customer's card": _card_of_a_customer,
    "its history": typed(f"history {SECRET}"),
    "the nearest names of status": typed("status Projct Nightjr"),
    "the nearest names of an unknown word": typed("Projct Nightjr"),
    "the nearest names of history": typed("history Projct Nightjr"),
    "the form of a new name": _asked_for(f"rename {SECRET} to Other"),
    "the nearest names of a new name": _asked_for("rename Projct Nightjr to Other"),
    "the form of a stage": _asked_for(f"stage {SECRET}"),
    "the form of its readers": _asked_for(f"restrict {SECRET}"),
    "the form of a duplicate": _asked_for(f"duplicate {SECRET}"),
    "a duplicate's other": _asked_for(f"duplicate Billing revamp of {SECRET}"),
    "the form of work": _asked_for(f"add Refunds to {SECRET}"),
    "the form of work taken out": _asked_for(f"take Refunds out of {SECRET}"),
    "work that is alike": typed("new Nightjar project 3 March 2027"),
    "the list of a day that has passed": typed("as of today"),
    "its history instead of its card then": typed(f"as of today {SECRET}"),
    "what changed": typed("since yesterday"),
    "the roadmap": typed("roadmap"),
    "the team's roadmap": typed("roadmap of Payments"),
    "the report": typed("report"),
    "the report as a file": _file("report", "As a CSV file"),
    "the slides": _file("deck"),
    "the calendar": _file("calendar"),
    "what was held for a follower": _gathered,
    "a kept button": _press_of_a_kept_button,
    "a shared list": _shared,
    "a mention: the list": _named_in_a_thread("status"),
    "a mention: its card": _named_in_a_thread(f"status {SECRET}"),
    "a mention: its day": _named_in_a_thread(f"when is {SECRET}?"),
    "a mention: its number": _named_in_a_thread("R-1"),
    "a mention: a person's": _named_in_a_thread("status <@U_PLAT>"),
    "a mention: what changed": _named_in_a_thread("what changed"),
    "a mention: its history": _named_in_a_thread(f"what changed in {SECRET}"),
    "a mention: the nearest names": _named_in_a_thread("when Projct Nightjr"),
    "the first digest": _digest,
    "the form for its words": _say,
    "the card of who faces customers": outside(SECRET),
    "the list of who faces customers": outside("status"),
}
IN_FILES = {
    "the report",
    "the report as a file",
    "the slides",
    "the calendar",
    "the first digest",
}  # nothing restricted, not even for those whom it names
SHOWN_TO_EVERYBODY = {surface for surface in SURFACES if surface.startswith(("a shared", "a mention"))} | IN_FILES


async def secret(world: World) -> None:
    payments = await world.team("Payments", lead="U_LEAD", channel="C_PAY")
    hidden = await world.release(SECRET, "2026-12-01", team=payments, owner="U_PLAT", restricted=True)
    await world.release("Billing revamp", "2027-03-05", team=payments)
    async with world.transaction() as session:
        session.add(ReleaseReader(release_id=hidden, person="U_LEAD"))


@pytest.mark.parametrize("surface", SURFACES)
async def test_a_restricted_release_leaves_no_trace_for_others(world: World, surface: str) -> None:
    await secret(world)
    seen = await SURFACES[surface](world, "U_PM")
    for own in ("Projct Nightjr", f'"{SECRET}"', f"\\'{SECRET}\\'", "Nightjar project"):  # their own words may be said back
        seen = seen.replace(own, "")
    assert "Nightjar" not in seen
    assert "2 open" not in seen
    assert "1 Dec" not in seen


@pytest.mark.parametrize("surface", [surface for surface in SURFACES if surface not in SHOWN_TO_EVERYBODY])
@pytest.mark.parametrize("person", ["U_LEAD", "U_PLAT"])
async def test_those_whom_it_names_see_it(world: World, surface: str, person: str) -> None:
    await secret(world)
    assert SECRET in await SURFACES[surface](world, person)


async def test_what_its_reader_shares_leaves_it_out_uncounted(world: World) -> None:
    await secret(world)
    seen = await _shared(world, "U_LEAD")
    assert "Nightjar" not in seen
    assert "1 open release:" in seen


async def test_its_card_is_not_offered_for_sharing(world: World) -> None:
    await secret(world)
    await world.as_("U_LEAD").command("C_WEEKLY", "/release", "R-1")
    await press(world, "U_LEAD", "C_WEEKLY", "More")
    assert "Share to channel" not in said(world.as_("U_LEAD").view["blocks"])
