"""Installing Tendon from a browser, by OAuth: Slack asks the person whether it may come in, and sends them back with a code for a token.

Who comes back must bring the state they left with, in the address and in a cookie of the same browser. It is good once, for ten minutes,
and stands in a table, as another replica may be the one they come back to. Whatever goes wrong is a page that says so; beginning again
is always safe.
"""

import logging
from collections.abc import Mapping
from datetime import timedelta
from hmac import compare_digest
from secrets import token_urlsafe
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urljoin

from aiohttp import web
from slack_sdk.oauth import AuthorizeUrlGenerator
from sqlalchemy import delete, func, insert, select
from sqlalchemy.exc import SQLAlchemyError

from bot.install_pages import BEGIN, Page, show
from bot.manifest import OAUTH_REDIRECT, read_manifest
from bot.parcels import real_now
from bot.slack import SlackError, SlackRefused
from domain.facts import Installed
from models import Installation, InstallState
from models.adding import find_or_add
from models.finding import lock_workspace

if TYPE_CHECKING:
    from bot.app import App

log = logging.getLogger(__name__)

COOKIE = "tendon-install"
LIFE = timedelta(minutes=10)
MOST_AT_ONCE = 1000  # who are on the way; anybody can open the page, and nobody shall fill the database with it
STATE = InstallState.__table__


def routes(app: "App") -> list[web.RouteDef]:
    """None unless the settings say that workspaces install it themselves."""
    if not app.settings.is_installable:
        return []
    installing = Installing(app)
    return [
        web.get(BEGIN, installing.begin, allow_head=False),
        web.get(OAUTH_REDIRECT, installing.finish, allow_head=False),
    ]


class Installing:
    def __init__(self, app: "App") -> None:
        self.app = app
        self.comes_back_to = f"{app.settings.public_url.rstrip('/')}{OAUTH_REDIRECT}"
        self.slack = AuthorizeUrlGenerator(
            client_id=quote(app.settings.slack_client_id, safe=""),
            scopes=read_manifest()["oauth_config"]["scopes"]["bot"],
            redirect_uri=quote(self.comes_back_to, safe=""),
            authorization_url=urljoin(app.settings.slack_api_url, "/oauth/v2/authorize"),
        )

    async def begin(self, request: web.Request) -> web.Response:
        """To Slack's page."""
        state = token_urlsafe(32)
        try:
            if not await self._remember(state):
                return show(Page.CROWDED)
        except (SQLAlchemyError, OSError, TimeoutError):
            log.exception("an installation could not begin")
            return show(Page.NOT_SAVED)
        away = web.Response(status=302, headers={"Location": self.slack.generate(state), "Cache-Control": "no-store"})
        is_safe = self.comes_back_to.startswith("https:")
        away.set_cookie(COOKIE, state, max_age=int(LIFE.total_seconds()), httponly=True, samesite="Lax", secure=is_safe, path="/")
        return away

    async def finish(self, request: web.Request) -> web.Response:
        """Back from Slack's page."""
        try:
            page, about = await self._finish(request)
        except SlackRefused as refused:
            log.error("Slack refused an installation: %s", refused)
            page, about = Page.of_refusal(refused.code), {}
        except (SlackError, KeyError, TypeError) as problem:
            log.warning("Slack gave no clear answer to an installation: %r", problem)
            page, about = Page.UNCLEAR, {}
        except (SQLAlchemyError, OSError, TimeoutError):
            log.exception("an installation could not be saved")
            page, about = Page.NOT_SAVED, {}
        shown = show(page, **about)
        if page is not Page.ELSEWHERE:  # which may be somebody else's link, opened while an installation is under way here
            shown.del_cookie(COOKIE, path="/")
        return shown

    async def _finish(self, request: web.Request) -> tuple[Page, Mapping[str, str]]:
        state, mine = request.query.get("state", ""), request.cookies.get(COOKIE, "")
        if not state or not compare_digest(state.encode(), mine.encode()):
            return Page.ELSEWHERE, {}
        if (problem := await self._use(state)) is not None:
            return problem, {}
        code = request.query.get("code", "")
        if "error" in request.query or not code:
            return Page.CANCELLED, {}
        proof = self.app.settings.slack_client_id, self.app.settings.slack_client_secret.get_secret_value()
        granted = await self.app.links.own.exchange(*proof, code=code, redirect_uri=self.comes_back_to)
        if granted.get("is_enterprise_install") or not granted.get("team"):
            return Page.WHOLE_ORGANISATION, {}
        if granted.get("expires_in"):
            return Page.EXPIRING, {}
        return Page.INSTALLED, await self._install(granted, state)

    async def _install(self, granted: Mapping[str, Any], state: str) -> Mapping[str, str]:
        """Keep the token with the workspace that it is of, as Slack says; who installed it is told by those who hear of it."""
        app, token, installer = self.app, granted["access_token"], granted["authed_user"]["id"]
        workspace = await app.workspaces.introduce(app.links.under(token))
        values = {"token": token, "scopes": granted.get("scope") or "", "installer": installer, "installed_at": app.deps.now()}
        async with app.database.transaction(workspace.id, clock=app.deps.clock, actor=installer, by="install") as session:
            (await lock_workspace(session)).removed_at = None
            row = await find_or_add(session, select(Installation), lambda: Installation(**values))
            for name, value in values.items():
                setattr(row, name, value)
            await app.deps.tell(session, Installed(key=f"installed:{state}", actor=installer))
        app.links.keep(workspace.id, token)
        await app.outbox.resume(workspace.id)
        log.info("installed in %s by %s", workspace.team_slack_id, installer)
        return {"workspace": workspace.name, "team": workspace.team_slack_id, "app": str(granted.get("app_id") or "")}

    async def _remember(self, state: str) -> bool:
        now = real_now()
        async with self.app.database.plainly() as connection:
            await connection.execute(delete(STATE).where(STATE.c.expires_at < now - LIFE))  # until then it is said that it expired
            if (await connection.execute(select(func.count()).select_from(STATE))).scalar_one() >= MOST_AT_ONCE:
                return False
            await connection.execute(insert(STATE), {"state": state, "expires_at": now + LIFE})
        return True

    async def _use(self, state: str) -> Page | None:
        """What is wrong with a state. Of two who use it at once, one does."""
        async with self.app.database.plainly() as connection:
            used = delete(STATE).where(STATE.c.state == state).returning(STATE.c.expires_at)
            expires_at = (await connection.execute(used)).scalar_one_or_none()
        if expires_at is None:
            return Page.USED
        return Page.EXPIRED if expires_at < real_now() else None
