"""Owners: who may own a release, and how people are called in sentences."""

from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.answers import Answer
from bot.deps import Deps
from bot.requests import Request
from domain.errors import BadInput
from domain.words import Mention
from handlers.releases import changing
from models import Person, Release
from models.base import prebuilt, run
from models.finding import name_of


async def person_meant(session: AsyncSession, said: Mention) -> str:
    """The Slack id of somebody named in a command. Raises BadInput{"user"}."""
    if said.id:
        return said.id
    same = func.lower(Person.name) == (said.name or "").casefold().replace(".", " ")
    found = list(await session.scalars(select(Person.slack_id).where(same).limit(2)))
    if len(found) != 1:
        raise BadInput({"user": f'I do not know "@{(said.name or "")[:60]}". Pick the person here.'})
    return found[0]


_PERSON = prebuilt(
    select(Person.slack_id, Person.name, Person.is_deleted, Person.is_bot, Person.is_guest, Person.is_outside).where(
        Person.workspace_id == bindparam("workspace_id"), Person.slack_id == bindparam("person")
    )
)


async def check_owner(session: AsyncSession, slack_id: str | None) -> Any:
    """Whether somebody can own a release: their row. Raises BadInput{"user"}."""
    person = (await run(session, _PERSON, person=slack_id or "")).one_or_none()
    if person is None:
        raise BadInput({"user": "I do not know that person yet. Pick somebody of this workspace, or try again in a minute."})
    if person.is_deleted or person.is_bot:
        raise BadInput({"user": f"{person.name} is no active member, so they cannot own a release. Pick somebody else."})
    if person.is_guest or person.is_outside:
        raise BadInput({"user": f"{person.name} is a guest and cannot change releases, so they cannot own one. Pick somebody else."})
    return person


async def hand_over(session: AsyncSession, request: Request, deps: Deps, release: Release, slack_id: str | None) -> Answer:
    person = await check_owner(session, slack_id)
    if person.slack_id == release.owner:
        raise BadInput({"user": f"{person.name} owns {release.name} already. Nothing was changed."})
    before = await name_of(session, release.owner, "somebody else") if release.owner else ""
    return await changing.give(session, request, deps, release, person.slack_id, person.name, before)
