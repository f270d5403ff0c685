"""Journeys of what is known about people and channels."""

from sqlalchemy import select

from models import Channel, ChannelMember, Person
from tests.world import World


async def test_the_first_look_knows_everybody_and_every_channel_it_may_see(new_world: World) -> None:
    await new_world.settle()
    async with new_world.reading() as session:
        people = {person.slack_id: person for person in await session.scalars(select(Person))}
        assert (people["U_GUEST"].is_guest, people["U_OUT"].is_outside, people["U_OPS"].is_admin, people["U_PM"].zone) == (
            True,
            True,
            True,
            "Europe/Berlin",
        )
        channels = {channel.slack_id: channel for channel in await session.scalars(select(Channel))}
        assert (channels["C_PRIV"].is_private, channels["C_ACME"].is_shared, channels["C_NOBOT"].has_bot) == (True, True, False)
        members = await session.scalars(select(ChannelMember.person_slack_id).where(ChannelMember.channel_slack_id == "C_PRIV"))
        assert {"U_PM", "U_LEAD"} <= set(members)


async def test_joining_leaving_and_renaming_are_remembered(new_world: World) -> None:
    await new_world.settle()
    await new_world.slack.join("C_PRIV", "U_SALES")
    await new_world.slack.leave("C_PRIV", "U_LEAD")
    await new_world.slack.rename("C_PAY", "team-money")
    await new_world.settle()
    async with new_world.reading() as session:
        members = set(await session.scalars(select(ChannelMember.person_slack_id).where(ChannelMember.channel_slack_id == "C_PRIV")))
        assert "U_SALES" in members
        assert "U_LEAD" not in members
        assert await session.scalar(select(Channel.name).where(Channel.slack_id == "C_PAY")) == "team-money"


async def test_the_bot_taken_out_of_a_channel_is_remembered_until_it_is_invited_again(new_world: World) -> None:
    await new_world.settle()
    await new_world.slack.leave("C_PAY", new_world.slack.bot_user)
    await new_world.settle()
    async with new_world.reading() as session:
        assert (await session.scalars(select(Channel).where(Channel.slack_id == "C_PAY"))).one().removed_at is not None
    await new_world.slack.join("C_PAY", new_world.slack.bot_user)
    await new_world.settle()
    async with new_world.reading() as session:
        channel = (await session.scalars(select(Channel).where(Channel.slack_id == "C_PAY"))).one()
        assert (channel.has_bot, channel.removed_at) == (True, None)


async def test_somebody_unknown_is_looked_up_before_the_listener_runs(new_world: World) -> None:
    await new_world.settle()
    new_world.slack.member("U_NEW", "Nora New", guest=True)
    new_world.slack.state.channels["C_PAY"].members.append("U_NEW")
    reply = await new_world.as_("U_NEW").command("C_PAY", "/team", "new Falcons")
    assert "Guests cannot change that" in reply.text


async def test_when_slack_does_not_say_who_it_is_nothing_is_changed(new_world: World) -> None:
    await new_world.settle()
    new_world.slack.member("U_NEW", "Nora New")
    new_world.slack.state.channels["C_PAY"].members.append("U_NEW")
    new_world.slack.faults.add("users.info", times=5, status=500)
    reply = await new_world.as_("U_NEW").command("C_PAY", "/team", "new Falcons")
    assert "Slack did not say who you are just now, so nothing was changed." in reply.text
