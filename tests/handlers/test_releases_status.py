"""Journeys with the list of releases."""

from tests.world import World


async def test_a_list_says_first_how_many_and_how_they_stand(world: World) -> None:
    payments = await world.team("Payments", lead="U_LEAD", channel="C_PAY", zone="Europe/Berlin")
    await world.release("Billing revamp", "2027-03-05", team=payments, owner="U_PM")
    await world.release("Usage API", "2026-08-26")
    await world.release("Regional hosting")
    reply = await world.as_("U_SALES").command("C_WEEKLY", "/release", "status")
    print(reply.text)
    import json
    print(json.dumps(reply.blocks, indent=1))
    assert reply.ephemeral
    assert reply.text.startswith("3 open releases: 1 late, 1 on track, 1 without a day.")
