"""The page on which somebody lets an app into a workspace, as `oauth/v2/authorize` shows it: what it may do, Allow and Cancel."""

from collections.abc import Iterable, Mapping
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

from aiohttp import web

if TYPE_CHECKING:
    from playground.workspace import LocalSlack

HEADERS = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'", "Cache-Control": "no-store"}
ASKED = ("client_id", "scope", "state", "redirect_uri")
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{title}</title>
<style>body {{ font: 16px/1.5 sans-serif; max-width: 36rem; margin: 3rem auto; padding: 0 1rem }} button, select {{ font: inherit;
padding: .4rem 1rem; margin: 0 .5rem .5rem 0 }} label {{ display: block }}</style></head><body><h1>{title}</h1>{body}</body></html>
"""


class Wrong(Exception):
    """Slack shows this instead of asking: its code, and what it means."""


def routes(slack: "LocalSlack") -> Iterable[web.RouteDef]:
    async def ask(request: web.Request) -> web.Response:
        try:
            asked = _asked(slack, request.query)
        except Wrong as wrong:
            return _page("This app cannot be installed", f"<p>{escape(str(wrong))}</p>", 400)
        return _page(f"{slack.bot_name} wants to come into your workspace", _form(slack, asked))

    async def decide(request: web.Request) -> web.Response:
        form = {key: str(value) for key, value in (await request.post()).items()}
        try:
            asked = _asked(slack, form)
        except Wrong as wrong:
            return _page("This app cannot be installed", f"<p>{escape(str(wrong))}</p>", 400)
        back = {"error": "access_denied"}
        if form.get("decision") == "allow":
            team, _, person = form.get("person", "").partition(" ")
            where = next((each for each in (slack, *slack.neighbours) if each.team_id == team and person in each.state.members), None)
            if where is None:
                return _page("Nobody of this name is here", "<p>Go back and choose who you are.</p>", 400)
            back = {"code": where.tokens.code(person, asked["redirect_uri"])}
        address = f"{asked['redirect_uri']}?{urlencode({**back, 'state': asked['state']})}"
        return web.Response(status=302, headers={"Location": address, "Cache-Control": "no-store"})

    return [web.get("/oauth/v2/authorize", ask, allow_head=False), web.post("/oauth/v2/authorize", decide)]


def _asked(slack: "LocalSlack", given: Mapping[str, str]) -> dict[str, str]:
    """What the app asks for. Raises Wrong with what Slack would say."""
    asked = {name: str(given.get(name) or "") for name in ASKED}
    config = slack.manifest.get("oauth_config", {})
    if asked["client_id"] != slack.client_id:
        raise Wrong("invalid_client_id: no app has this client_id.")
    scopes, known = {scope for scope in asked["scope"].split(",") if scope}, config.get("scopes", {}).get("bot")
    if not scopes:
        raise Wrong("no_scopes: the app asks for no scope.")
    if known is not None and scopes - set(known):
        raise Wrong(f"invalid_scope: the manifest does not have {', '.join(sorted(scopes - set(known)))}.")
    if not _is_one_of(asked["redirect_uri"], config.get("redirect_urls") if slack.manifest else [asked["redirect_uri"]]):
        raise Wrong("bad_redirect_uri: redirect_uri did not match any configured URIs.")
    return asked


def _is_one_of(address: str, known: list[str] | None) -> bool:
    """The same scheme and host, and the same path or one below it."""
    wanted = urlsplit(address)
    return any(
        (wanted.scheme, wanted.netloc) == (each.scheme, each.netloc) and wanted.path.startswith(each.path) and bool(wanted.netloc)
        for each in map(urlsplit, known or ())
    )


def _form(slack: "LocalSlack", asked: dict[str, str]) -> str:
    hidden = "".join(f'<input type="hidden" name="{name}" value="{escape(value)}">' for name, value in asked.items())
    people = "".join(
        f'<option value="{each.team_id} {person.id}">{escape(person.name)}, in {escape(each.name)}</option>'
        for each in (slack, *slack.neighbours)
        for person in each.state.members.values()
        if not (person.bot or person.guest or person.outside or person.deleted)
    )
    scopes = "".join(f"<li><code>{escape(scope)}</code></li>" for scope in asked["scope"].split(","))
    return (
        f'<form method="post">{hidden}<label>You are <select name="person">{people}</select></label>'
        f"<p>It may do this:</p><ul>{scopes}</ul>"
        '<button name="decision" value="allow">Allow</button><button name="decision" value="cancel">Cancel</button></form>'
    )


def _page(title: str, body: str, status: int = 200) -> web.Response:
    page = _PAGE.format(title=escape(title), body=body)
    return web.Response(status=status, text=page, content_type="text/html", headers=HEADERS)
