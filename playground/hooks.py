"""What an app says without a token: through a response URL, or in the ack of a slash command."""

from typing import TYPE_CHECKING, Any

from playground import limits, messages
from playground.methods.table import Refused
from playground.state import Channel, Json, Message
from playground.tokens import Hook

if TYPE_CHECKING:
    from playground.workspace import LocalSlack


def respond(slack: "LocalSlack", name: str, body: Json) -> tuple[int, Json]:
    """HTTP status and answer of one use of a response URL."""
    try:
        hook = slack.hooks.use(name)
        _speak(slack, hook, body)
    except Refused as refusal:
        gone = refusal.answer["error"] in ("expired_url", "used_url")
        return (404 if gone else 200), refusal.answer
    return 200, {"ok": True}


def _speak(slack: "LocalSlack", hook: Hook, body: Json) -> None:
    room = slack.state.channels[hook.channel]
    original = room.by_ts.get(hook.ts) if hook.ts else None
    if original and (original.deleted or not original.bot):  # what is gone, or a person's, is not the app's to change
        original = None
    if body.get("delete_original"):
        if original is None:
            raise Refused("message_not_found")
        messages.delete(slack, original)
        return
    check_words(body)
    if body.get("replace_original") and original is not None:
        changes = {"text": body.get("text", ""), "blocks": body.get("blocks") or [], "attachments": body.get("attachments") or []}
        messages.update(slack, original, slack.bot_user, **changes)
        return
    say(slack, room, hook.user, body)  # a command has no message of its own: there is nothing that could be replaced


def check_words(body: Json) -> None:
    """Raises Refused where the words, blocks or attachments cannot be shown."""
    if not body.get("text") and not body.get("blocks") and not body.get("attachments"):
        raise Refused("no_text")
    limits.check_message(body.get("text", ""), body.get("blocks"), body.get("attachments"))


def say(slack: "LocalSlack", room: Channel, user: str, body: Json) -> Message:
    """An ephemeral message unless `response_type` is `in_channel`."""
    visible: Any = None if body.get("response_type") == "in_channel" else user
    thread = body.get("thread_ts")
    words = {"blocks": body.get("blocks"), "attachments": body.get("attachments") or []}
    return messages.post(slack, room, slack.bot_user, body.get("text", ""), bot=True, ephemeral_for=visible, thread_ts=thread, **words)
