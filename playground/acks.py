"""What an app's ack makes a person see: words in the channel, a form with errors, a next form, options to choose from."""

from typing import TYPE_CHECKING, Any

from playground import hooks, limits_views, stack
from playground.limits_elements import GROUP, PLAIN_OPTION
from playground.limits_rules import items
from playground.methods.table import Refused
from playground.state import Channel, Delivery, Json, View

if TYPE_CHECKING:
    from playground.people import Reply
    from playground.workspace import LocalSlack

_TROUBLE = "We had some trouble connecting. Try again?"


def _reply(delivery: Delivery, **more: Any) -> "Reply":
    from playground.people import Reply

    return Reply(delivery.status, body=delivery.answer, millis=delivery.millis, delivery=delivery, **more)


def _failure(delivery: Delivery) -> str:
    """Slack's word for an ack that did not come, or was not a 200."""
    return "operation_timeout" if delivery.error in ("http_timeout", "timeout") else "dispatch_failed"


def plain(delivery: Delivery) -> "Reply":
    """A shortcut or a press: the ack says nothing but that it came."""
    if not delivery.acked:
        return _reply(delivery, text=_failure(delivery), error=_failure(delivery))
    return _reply(delivery)


def to_command(slack: "LocalSlack", room: Channel, user: str, name: str, delivery: Delivery) -> "Reply":
    if not delivery.acked:
        return _reply(delivery, text=_failure(delivery), error=_failure(delivery))
    body: Json = {"text": delivery.answer} if isinstance(delivery.answer, str) else delivery.answer or {}
    if not any(body.get(word) for word in ("text", "blocks", "attachments")):
        return _reply(delivery)
    try:
        hooks.check_words(body)
    except Refused as refusal:
        error = "invalid_command_response"
        return _reply(delivery, text=f'{name} failed with the error "{error}"', error=error, errors={"": str(refusal.answer)})
    said = hooks.say(slack, room, user, body)
    return _reply(delivery, text=said.text, blocks=said.blocks, ephemeral=said.ephemeral_for is not None, message=said)


def to_submission(slack: "LocalSlack", shown: View, delivery: Delivery) -> "Reply":
    """Applies errors, update, push, clear, or an empty ack, which closes the form."""
    shown.loading = False
    slack.feed.tell("view", user=shown.user)
    if not delivery.acked:
        return _reply(delivery, text=_TROUBLE, error=_failure(delivery))
    body = delivery.answer or {}
    if not isinstance(body, dict) or (body and "response_action" not in body):
        return _reply(delivery, text=_TROUBLE, error="invalid_response")
    try:
        return _applied(slack, shown, body.get("response_action"), body, delivery)
    except Refused as refusal:
        return _reply(delivery, text=_TROUBLE, error=refusal.answer["error"], errors={"": str(refusal.answer)})


def _applied(slack: "LocalSlack", shown: View, action: str | None, body: Json, delivery: Delivery) -> "Reply":
    if action is None:
        stack.remove(slack, shown)
    elif action == "clear":
        stack.pop(slack, shown.user, everything=True)
    elif action == "errors":
        return _with_errors(shown, body.get("errors"), delivery)
    elif action in ("update", "push"):
        view = body.get("view") or {}
        limits_views.check_view(view, "modal")
        stack.replace(slack, shown, view) if action == "update" else stack.push(slack, shown.user, view)
    else:
        raise Refused("invalid_response_action")
    return _reply(delivery)


def _with_errors(shown: View, errors: Any, delivery: Delivery) -> "Reply":
    """Slack shows an error only under an input block; one that names no such block is a broken answer."""
    inputs = {block["block_id"] for block in shown.content["blocks"] if block["type"] == "input"}
    if not isinstance(errors, dict) or not errors or not set(errors) <= inputs:
        raise Refused("invalid_errors", known=sorted(inputs), given=errors)
    shown.errors = {name: str(sentence) for name, sentence in errors.items()}
    return _reply(delivery, errors=shown.errors)


def to_options(delivery: Delivery) -> list[Json]:
    """The options offered, groups flattened; none where the answer is late or breaks the limits."""
    body = delivery.answer if delivery.acked and isinstance(delivery.answer, dict) else {}
    faults: list[str] = []
    items(100, PLAIN_OPTION, least=0)(body.get("options") or [], "/options", faults)
    items(100, GROUP, least=0)(body.get("option_groups") or [], "/option_groups", faults)
    if faults:
        delivery.error = "; ".join(faults)
        return []
    return [*(body.get("options") or []), *(option for group in body.get("option_groups") or [] for option in group["options"])]
