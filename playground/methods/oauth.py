"""oauth.v2.access: codes and refresh tokens into bot tokens that last twelve hours."""

from playground.methods.table import Ask, Refused, Token, method
from playground.state import Json

LIFE = 43_200


@method("oauth.v2.access", tier=4, token="none")
def access(ask: Ask) -> Json:
    _check_client(ask)
    if ask.text("grant_type") == "refresh_token":
        return _refreshed(ask)
    return _granted(ask, ask.slack.tokens.use_code(ask.text("code"), ask.text("redirect_uri")))


def _check_client(ask: Ask) -> None:
    client, _, secret = ask.basic.partition(":")
    client, secret = client or ask.text("client_id"), secret or ask.text("client_secret")
    if client != ask.slack.client_id:
        raise Refused("invalid_client_id")
    if secret != ask.slack.client_secret:
        raise Refused("bad_client_secret")


def _refreshed(ask: Ask) -> Json:
    """A refresh token is good once; of access tokens two live, the older one ends."""
    user = ask.slack.tokens.refreshers.pop(ask.text("refresh_token"), None)
    if user is None:
        raise Refused("invalid_refresh_token")
    return _granted(ask, user)


def _granted(ask: Ask, user: str) -> Json:
    slack = ask.slack
    rotates = bool(slack.manifest.get("settings", {}).get("token_rotation_enabled"))
    scopes = sorted(slack.granted(Token("bot")) or ())
    slack.install()
    token = slack.bot_token
    answer: Json = {"app_id": slack.app_id, "token_type": "bot", "scope": ",".join(scopes), "bot_user_id": slack.bot_user}
    if rotates:
        token = f"xoxe.{slack.bot_token.partition('-')[0]}-1-{slack.state.ids.new('', 40)}"
        refresh = f"xoxe-1-{slack.state.ids.new('', 40)}"
        slack.tokens.rotate(token, refresh, user, LIFE)
        answer |= {"refresh_token": refresh, "expires_in": LIFE}
    answer |= {"access_token": token, "team": {"id": slack.team_id, "name": slack.name}, "enterprise": None}
    if slack.is_organisation:
        answer |= {"team": None, "enterprise": {"id": f"E{slack.team_id[1:]}", "name": slack.name}}
    return answer | {"is_enterprise_install": slack.is_organisation, "authed_user": {"id": user}}
