"""Journeys through the front door."""

from sqlalchemy import select

from bot.answers import Message
from models import Workspace
from tests.world import World


async def test_the_menu_has_a_button_for_everything_and_they_work(world: World) -> None:
    await world.team("Payments")
    pia = world.as_("U_PM")
    reply = await pia.command("C_PAY", "/tendon")
    for item in world.app.deps.slices.menu:
        assert item.label in reply.text
    await pia.press(reply.message, "teams:list")
    await world.settle()
    assert any("1 team" in message.text for message in pia.sees("C_PAY"))


async def test_the_home_channel_is_set(world: World) -> None:
    pia = world.as_("U_PM")
    reply = await pia.command("C_PAY", "/tendon", "home <#C_OPS|product-ops>")
    assert "<#C_OPS> from now on" in reply.text
    async with world.reading() as session:
        assert (await session.scalars(select(Workspace))).one().home_channel == "C_OPS"
    assert "Write # and pick one" in (await pia.command("C_PAY", "/tendon", "home #somewhere")).text


async def test_the_home_channel_is_picked_in_a_form_where_none_was_named(world: World) -> None:
    olga = world.as_("U_OPS")
    for channel in ("C_OPS", "C_WEEKLY"):
        await olga.command("C_OPS", "/tendon", "home")
        await olga.submit({"Home channel": channel})
        await world.settle()
        assert any(f"<#{channel}> from now on" in message.text for message in olga.sees("C_OPS"))
        async with world.reading() as session:
            assert (await session.scalars(select(Workspace))).one().home_channel == channel
    await olga.command("C_OPS", "/tendon", "home")
    assert "'initial_conversation': 'C_WEEKLY'" in str(olga.view)
    assert "Pick another channel" in (await olga.submit({"Home channel": "C_ACME"})).errors["channel"]


async def test_home_is_drawn_when_it_is_opened(world: World) -> None:
    pia = world.as_("U_PM")
    await pia.open_home()
    await world.settle()
    assert pia.home is not None
    assert "Nothing needs you." in str(pia.home)


async def test_what_could_not_be_sent_is_shown_with_the_cure_and_can_be_tried_again(world: World) -> None:
    await world.settle()
    world.slack.channel("C_LATER", name="later", members=["U_PM", "U_OPS"], bot=False)
    async with world.transaction() as session:
        await world.app.outbox.post(session, "note:1", "C_LATER", Message("A note"))
    await world.settle()
    olga = world.as_("U_OPS")
    reply = await olga.command("C_OPS", "/tendon", "health")
    assert "1 message could not be sent." in reply.text
    assert "/invite @Tendon" in reply.text
    assert "/invite" not in (await world.as_("U_PM").command("C_PAY", "/tendon", "health")).text
    await world.slack.join("C_LATER", world.slack.bot_user)
    pressed = await olga.command("C_OPS", "/tendon", "health")
    await olga.press(pressed.message, next(b["accessory"]["action_id"] for b in pressed.blocks if "accessory" in b))
    await world.settle()
    assert "A note" in [message.text for message in world.as_("U_PM").sees("C_LATER")]
    assert "Everything was sent." in (await olga.command("C_OPS", "/tendon", "health")).text


async def test_a_channel_where_people_from_outside_read_is_no_home(world: World) -> None:
    await world.settle()
    reply = await world.as_("U_OPS").command("C_OPS", "/tendon", "home <#C_ACME|acme-success>")
    assert reply.text == "People from outside the company, or guests, read there. Pick another channel. Nothing was changed."


async def test_help_lists_every_command_with_its_verbs(world: World) -> None:
    reply = await world.as_("U_PM").command("C_PAY", "/tendon", "help")
    for command in world.app.deps.slices.commands.values():
        assert f"{command.name}: {command.says} {', '.join(verb.name for verb in command.verbs)}" in reply.text
