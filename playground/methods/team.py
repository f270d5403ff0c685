"""api.test, auth.*, team.*, emoji.*, bots.*, apps.*: the app's own papers."""

from playground import shapes
from playground.methods.table import Ask, Refused, method
from playground.state import Json


@method("api.test", tier=4, token="none")
def api_test(ask: Ask) -> Json:
    """Says back what it was told, and fails when it is told to."""
    if ask.text("error"):
        raise Refused(ask.text("error"), args=ask.args)
    return {"args": ask.args}


@method("auth.test", tier=0)
def auth_test(ask: Ask) -> Json:
    slack = ask.slack
    mine = {"user": slack.bot_name.lower(), "user_id": slack.bot_user, "bot_id": slack.bot_id, "is_enterprise_install": False}
    return {"url": f"https://{slack.domain}.slack.com/", "team": slack.name, "team_id": slack.team_id, **mine}


@method("auth.revoke", tier=3)
def revoke(ask: Ask) -> Json:
    if not ask.flag("test"):
        ask.slack.uninstall()
    return {"revoked": not ask.flag("test")}


@method("team.info", tier=3, scopes=("team:read",))
def team_info(ask: Ask) -> Json:
    slack = ask.slack
    icon = {**shapes.icons(slack, ("34", "44", "68", "88", "102", "132", "230")), "image_default": True}
    about = {"id": slack.team_id, "name": slack.name, "domain": slack.domain, "email_domain": f"{slack.domain}.example", "icon": icon}
    return {"team": about | {"url": f"https://{slack.domain}.slack.com/", "is_verified": False, "discoverable": "unlisted"}}


@method("emoji.list", tier=2, scopes=("emoji:read",))
def emoji(ask: Ask) -> Json:
    """The workspace's own emoji: `slack.emoji`, by name, each with an address or `alias:` and another name."""
    return {"emoji": ask.slack.emoji, "cache_ts": f"{ask.slack.created}.000000"}


@method("bots.info", tier=3, scopes=("users:read",))
def bots_info(ask: Ask) -> Json:
    slack = ask.slack
    if ask.text("bot", slack.bot_id) != slack.bot_id:
        raise Refused("bot_not_found")
    shape = shapes.bot_profile(slack) | {"user_id": slack.bot_user}
    shape.pop("team_id")
    return {"bot": shape}


@method("apps.connections.open", tier=1, scopes=("connections:write",), token="app")
def open_connection(ask: Ask) -> Json:
    return {"url": ask.slack.sockets.ticket()}
