"""views.*: opening, pushing and changing modals, and publishing App Home."""

from playground import shapes, stack
from playground.grants import home_enabled
from playground.limits_views import check_view
from playground.methods.table import Ask, Refused, bad_arguments, method
from playground.state import Json, View
from playground.tokens import Trigger


def wanted(ask: Ask, kind: str) -> Json:
    content = ask.json("view", "invalid_arguments")
    if not isinstance(content, dict):
        raise bad_arguments("missing required field: view")
    check_view(content, kind)
    _check_external_id(ask, content.get("external_id"))
    return content


def _check_external_id(ask: Ask, external: str | None) -> None:
    """Two open views never share one; an update may repeat its own."""
    for shown in ask.slack.state.views.values():
        if (
            external
            and shown.content.get("external_id") == external
            and external != ask.text("external_id")
            and shown.id != ask.text("view_id")
        ):
            raise Refused("duplicate_external_id")


@method("views.open", tier=4, needs=("trigger_id", "view"))
def open_(ask: Ask) -> Json:
    content = wanted(ask, "modal")
    return _stacked(ask, ask.slack.triggers.use(ask.text("trigger_id")), content)


@method("views.push", tier=4, needs=("trigger_id", "view"))
def push(ask: Ask) -> Json:
    """Only from within a form, and only while that form is open."""
    content = wanted(ask, "modal")
    trigger = ask.slack.triggers.use(ask.text("trigger_id"))
    below = ask.slack.state.views.get(trigger.view or "")
    if not trigger.view or (below and below.type != "modal"):
        raise Refused("invalid_trigger_id")
    if below is None:
        raise Refused("not_found")
    return _stacked(ask, trigger, content)


def _stacked(ask: Ask, trigger: Trigger, content: Json) -> Json:
    return {"view": shapes.view(ask.slack, stack.push(ask.slack, trigger.user, content))}


def _open_view(ask: Ask) -> View:
    name, external = ask.text("view_id"), ask.text("external_id")
    if not name and not external:
        raise bad_arguments("missing required field: view_id")
    for shown in ask.slack.state.views.values():
        if shown.id == name or (external and shown.content.get("external_id") == external):
            return shown
    raise Refused("not_found")


def _check_hash(ask: Ask, shown: View) -> None:
    if ask.text("hash") and ask.text("hash") != shown.hash:
        raise Refused("hash_conflict")


@method("views.update", tier=4, needs=("view",))
def update(ask: Ask) -> Json:
    shown = _open_view(ask)
    content = wanted(ask, shown.type)
    _check_hash(ask, shown)
    return {"view": shapes.view(ask.slack, stack.replace(ask.slack, shown, content))}


@method("views.publish", tier=4, needs=("user_id", "view"))
def publish(ask: Ask) -> Json:
    if not home_enabled(ask.slack.manifest):
        raise Refused("not_enabled")
    user = ask.text("user_id")
    if user not in ask.slack.state.members:
        raise bad_arguments("user not found [json-pointer:/user_id]")
    content = wanted(ask, "home")
    before = ask.slack.state.homes.get(user)
    if before is not None:
        _check_hash(ask, before)
    return {"view": shapes.view(ask.slack, stack.publish(ask.slack, user, content))}
