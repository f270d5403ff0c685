"""users.* and usergroups.*: who people are."""

from playground import shapes
from playground.methods.table import Ask, Refused, method
from playground.state import Json, Member, UserGroup


@method("users.info", tier=4, scopes=("users:read",), needs=("user",))
def info(ask: Ask) -> Json:
    shape = shapes.member(ask.slack, ask.member(), ask.may("users:read.email"))
    return {"user": shape | ({"locale": "en-GB"} if ask.flag("include_locale") else {})}


@method("users.list", tier=2, scopes=("users:read",))
def list_(ask: Ask) -> Json:
    page, cursor = ask.page(list(ask.slack.state.members.values()))
    email = ask.may("users:read.email")
    shown = [shapes.member(ask.slack, person, email) for person in page]
    return {"members": shown, "cache_ts": ask.slack.created, "response_metadata": {"next_cursor": cursor}}


@method("users.lookupByEmail", tier=3, scopes=("users:read.email",), needs=("email",))
def lookup(ask: Ask) -> Json:
    wanted = ask.text("email").lower()
    for person in ask.slack.state.members.values():
        if person.email.lower() == wanted and not person.deleted:
            return {"user": shapes.member(ask.slack, person)}
    raise Refused("users_not_found")


@method("users.profile.get", tier=4, scopes=("users.profile:read",))
def profile(ask: Ask) -> Json:
    return {"profile": shapes.profile(ask.slack, _anybody(ask), ask.may("users:read.email"))}


@method("users.getPresence", tier=3, scopes=("users:read",))
def presence(ask: Ask) -> Json:
    return {"presence": "away" if _anybody(ask).deleted else "active"}


def _anybody(ask: Ask) -> Member:
    """The person asked about; the bot itself where nobody is named."""
    return ask.member() if ask.text("user") else ask.slack.state.members[ask.bot]


def _group(ask: Ask) -> UserGroup:
    group = ask.slack.state.groups.get(ask.text("usergroup"))
    if group is None:
        raise Refused("no_such_subteam")
    return group


@method("usergroups.list", tier=2, scopes=("usergroups:read",))
def groups(ask: Ask) -> Json:
    with_users, with_disabled = ask.flag("include_users"), ask.flag("include_disabled")
    shown = [group for group in ask.slack.state.groups.values() if with_disabled or not group.deleted]
    return {"usergroups": [shapes.user_group(ask.slack, group, with_users) for group in shown]}


@method("usergroups.users.list", tier=2, scopes=("usergroups:read",), needs=("usergroup",))
def group_users(ask: Ask) -> Json:
    return {"users": _group(ask).users}
