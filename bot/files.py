"""Sending a file to a person, once. A file carries no key of ours: so the id that Slack gives it is kept before its upload is completed,
and where nobody knows whether that arrived, Slack is asked for the file of this id.

Slices declare their own effects that make the bytes: `Effect(deliver, files.has_arrived)`, with `key` in the payload.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from bot.answers import Message
from bot.deps import Deps
from bot.slack import SlackRefused
from models import Upload

MOST_ALT = 1000  # characters
NOT_ALLOWED = "I could not send you the file: Tendon may not send files here yet. Whoever runs it installs it again from the manifest."
NOT_TAKEN = "I could not send you the file: Slack did not take it ({code}). Ask again, or tell whoever runs Tendon."


@dataclass(frozen=True, slots=True)
class File:
    """What is sent: the bytes under a name, and the words above it, made safe. `alt` says in words what a picture shows."""

    name: str
    title: str
    content: bytes
    words: str
    alt: str = ""


async def send(payload: Mapping[str, Any], deps: Deps, file: File) -> None:
    """To `payload["person"]`, under `payload["key"]`. A refusal is told to the person, and raised."""
    try:
        channel = (await deps.slack.call("conversations.open", users=payload["person"]))["channel"]["id"]
        about = {"alt_txt": file.alt[:MOST_ALT]} if file.alt else {}
        place = await deps.slack.call("files.getUploadURLExternal", filename=file.name, length=len(file.content), **about)
        await deps.slack.upload(place["upload_url"], file.content)
        await _keep(payload, deps, place["file_id"])
        entry = {"id": place["file_id"], "title": file.title}
        await deps.slack.call("files.completeUploadExternal", files=[entry], channel_id=channel, initial_comment=file.words)
    except SlackRefused as refused:
        words = NOT_ALLOWED if refused.code == "missing_scope" else NOT_TAKEN.format(code=refused.code)
        async with deps.database.transaction(payload["workspace_id"], clock=deps.clock, by="files") as session:
            await deps.outbox.post(session, f"{payload['key']}:refused"[:200], payload["person"], Message(words), rank=10)
        raise


async def has_arrived(payload: Mapping[str, Any], deps: Deps) -> bool:
    """Whether the upload of an earlier try was completed: Slack knows no file before that."""
    async with deps.database.reading(payload["workspace_id"], clock=deps.clock) as session:
        file = await session.scalar(select(Upload.file).where(Upload.key == payload["key"]))
    if file is None:
        return False
    try:
        await deps.slack.call("files.info", file=file)
    except SlackRefused as refused:
        if refused.code == "file_not_found":
            return False
        raise
    return True


async def _keep(payload: Mapping[str, Any], deps: Deps, file: str) -> None:
    """Committed before anything is completed; of several tries the last."""
    async with deps.database.transaction(payload["workspace_id"], clock=deps.clock, by="files") as session:
        row = (await session.scalars(select(Upload).where(Upload.key == payload["key"]))).one_or_none()
        if row:
            row.file, row.begun_at = file, deps.now()
        else:
            session.add(Upload(key=payload["key"], file=file, begun_at=deps.now()))
