"""Journeys with sharing a list or a card: where everybody reads it."""

from sqlalchemy import select

from models import Release
from tests.handlers.release_rows import many_releases, press, said
from tests.handlers.test_releases_status import company
from tests.world import World


def posted(world: World, channel: str, reader: str) -> list[str]:
    """First lines of what stands in a channel for everybody."""
    return [message.text.split("\n")[0] for message in world.as_(reader).sees(channel) if not message.ephemeral_for]


async def ask(world: World, person: str, channel: str, typed: str = "status") -> str:
    """Press *Share to channel* under an answer; the words of the form that opens."""
    await world.as_(person).command(channel, "/release", typed)
    await press(world, person, channel, "Share to channel")
    view = world.as_(person).view
    return "\n".join(said(view["blocks"])) if view else ""


async def test_a_form_names_the_channel_and_its_members_then_the_list_is_posted_once(world: World) -> None:
    await company(world)
    form = await ask(world, "U_PM", "C_PAY")
    assert "This goes to *#team-payments*, 4 members." in form
    assert "It begins: Payments: 1 open release: 1 late." in form
    assert posted(world, "C_PAY", "U_LEAD") == []
    await world.as_("U_PM").submit({})
    await world.settle()
    assert posted(world, "C_PAY", "U_LEAD") == ["Payments: 1 open release: 1 late."]
    message = world.as_("U_LEAD").sees("C_PAY")[-1]
    text = "\n".join(said(message.blocks))
    assert "shared by Pia Marsh" in text
    assert "<@" not in text
    assert "Share to channel" not in text


async def test_one_press_posts_one_message_however_often_the_form_is_sent(world: World) -> None:
    await company(world)
    await ask(world, "U_PM", "C_PAY")
    pia = world.as_("U_PM")
    await pia.submit({})
    await world.settle()
    sent = next(delivery for delivery in reversed(world.slack.deliveries) if "view_submission" in str(delivery.body))
    await world.slack.deliver_again(sent)
    await world.settle()
    assert len(posted(world, "C_PAY", "U_LEAD")) == 1
    await ask(world, "U_PM", "C_PAY")
    await pia.submit({})
    await world.settle()
    assert len(posted(world, "C_PAY", "U_LEAD")) == 2


async def test_open_on_a_shared_list_answers_only_who_pressed(world: World) -> None:
    await company(world)
    await ask(world, "U_PM", "C_PAY")
    await world.as_("U_PM").submit({})
    await world.settle()
    shown = await press(world, "U_LEAD", "C_PAY", "Open")
    assert shown.text.startswith("Billing revamp (R-1)")
    assert shown.ephemeral_for == "U_LEAD"
    assert len(posted(world, "C_PAY", "U_OPS")) == 1


async def test_mine_is_shared_as_the_sharers(world: World) -> None:
    await company(world)
    await ask(world, "U_PM", "C_WEEKLY", "mine")
    await world.as_("U_PM").submit({})
    await world.settle()
    assert posted(world, "C_WEEKLY", "U_SALES") == ["Pia Marsh: 1 open release: 1 late."]


async def test_a_shared_page_of_many_has_no_buttons_that_would_change_it_for_all(world: World) -> None:
    await many_releases(world, 51)
    await ask(world, "U_PM", "C_WEEKLY")
    await world.as_("U_PM").submit({})
    await world.settle()
    message = world.as_("U_SALES").sees("C_WEEKLY")[-1]
    pressed = [
        element["action_id"]
        for block in message.blocks
        for element in (*block.get("elements", ()), block.get("accessory") or {})
        if "action_id" in element
    ]
    assert len(pressed) == 12
    assert all(action.startswith("releases:open:") for action in pressed)
    assert "Showing 12 of 51." in said(message.blocks)


async def test_where_people_from_outside_read_a_tick_is_needed(world: World) -> None:
    await company(world)
    form = await ask(world, "U_PM", "C_ACME")
    assert "People from outside the company, or guests, read this channel." in form
    pia = world.as_("U_PM")
    reply = await pia.submit({})
    await world.settle()
    assert "post_here" in reply.errors
    assert posted(world, "C_ACME", "U_OUT") == []
    await pia.submit({"Are you sure?": ["yes"]})
    await world.settle()
    assert posted(world, "C_ACME", "U_OUT") == ["4 open releases: 2 late, 1 on track, 1 without a day."]


async def test_a_guest_in_a_channel_counts_as_outside(world: World) -> None:
    await company(world)
    world.slack.join("C_PAY", "U_GUEST")
    await world.settle()
    await world.as_("U_GUEST").command("C_PAY", "/release", "status")
    assert "guests, read this channel" in await ask(world, "U_PM", "C_PAY")


async def test_where_the_bot_is_not_the_cure_is_said(world: World) -> None:
    await company(world)
    form = await ask(world, "U_PM", "C_NOBOT")
    assert form == ""
    assert "`/invite @Tendon`" in world.as_("U_PM").sees("C_NOBOT")[-1].text


async def test_guests_cannot_share(world: World) -> None:
    await company(world)
    await ask(world, "U_GUEST", "C_NOBOT")
    assert "Guests cannot change that" in world.as_("U_GUEST").sees("C_NOBOT")[-1].text


async def test_a_card_is_shared_from_more(world: World) -> None:
    await company(world)
    pia = world.as_("U_PM")
    await pia.command("C_PAY", "/release", "status Billing revamp")
    await press(world, "U_PM", "C_PAY", "More")
    await pia.press(pia.view, "releases:share")
    assert "It begins: Billing revamp (R-1): Red: off track" in "\n".join(said(pia.view["blocks"]))
    await pia.submit({})
    await world.settle()
    message = world.as_("U_LEAD").sees("C_PAY")[-1]
    assert message.text.startswith("Billing revamp (R-1): Red: off track.")
    assert "shared by Pia Marsh" in said(message.blocks)[-1]
    assert "Move date" not in said(message.blocks)


async def test_what_became_restricted_between_asking_and_posting_is_not_posted(world: World) -> None:
    await company(world)
    pia = world.as_("U_PM")
    await pia.command("C_PAY", "/release", "status Billing revamp")
    await press(world, "U_PM", "C_PAY", "More")
    await pia.press(pia.view, "releases:share")
    async with world.transaction() as session:
        (await session.scalars(select(Release).where(Release.name == "Billing revamp"))).one().restricted = True
    await pia.submit({})
    await world.settle()
    assert posted(world, "C_PAY", "U_LEAD") == []
