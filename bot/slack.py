"""The one way out to Slack: a shared session, no silent retries, and errors sorted by what they mean for the message.

Retrying is the outbox's business: the SDK's own retries would post twice after a lost reply.
"""

from base64 import b64encode
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

DEFAULT_PATIENCE = 1.0  # seconds to wait after a 429 that does not say how long


class SlackError(Exception):
    """A call that did not work out."""


class SlackRefused(SlackError):
    """Slack said no, and would say no again. `needed` names a missing scope, `details` what is wrong with what was sent."""

    def __init__(self, code: str, needed: str | None = None, details: str = "") -> None:
        self.code = code
        self.needed = needed
        self.details = details
        super().__init__(": ".join(part for part in (code, needed, details) if part))


class SlackBusy(SlackError):
    """Slack said: not now. Nothing was done; this method may be called again after `retry_after` seconds."""

    def __init__(self, retry_after: float, method: str = "") -> None:
        super().__init__(f"{method or 'Slack'} asks for {retry_after:g} s")
        self.retry_after = retry_after
        self.method = method


class SlackUnsure(SlackError):
    """Nobody knows whether it was done: the reply was lost, late or an error of Slack's own."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class SlackAway(SlackUnsure):
    """Slack was not reached at all: surely nothing was done."""


NOT_INSTALLED = "not_installed"  # our own code: this workspace gave us no token, or took it back
_UNSURE = {"fatal_error", "internal_error", "service_unavailable", "request_timeout", "team_added_to_org"}
_BUSY = {"ratelimited", "rate_limited", "message_limit_exceeded"}
LOCKED_OUT = {"invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired", "org_login_required", NOT_INSTALLED}


class Connections:
    """The HTTP session that links share. It is opened by the first call, as it needs a running loop."""

    def __init__(self, timeout: float = 10) -> None:
        self.timeout = timeout
        self._open: aiohttp.ClientSession | None = None

    def session(self) -> aiohttp.ClientSession:
        if self._open is None or self._open.closed:
            patience = aiohttp.ClientTimeout(total=self.timeout, connect=min(self.timeout, 5))
            self._open = aiohttp.ClientSession(timeout=patience, connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=30))
        return self._open

    async def close(self) -> None:
        if self._open is not None:
            await self._open.close()
            self._open = None


class SlackLink:
    """Calls under one token. With none it is the app's own, which asks only what needs no workspace's consent; Bolt gets its `client`.

    `locked_out` hears of it when Slack does not take the token.
    """

    def __init__(
        self,
        token: str,
        base_url: str = "https://slack.com/api/",
        timeout: float = 10,
        *,
        connections: Connections | None = None,
        locked_out: Callable[["SlackLink"], None] | None = None,
    ) -> None:
        self.token = token
        self.connections = connections or Connections(timeout)
        self.client = AsyncWebClient(
            token=token or None, base_url=base_url, timeout=int(max(self.connections.timeout, 1)), retry_handlers=[]
        )
        self._locked_out = locked_out

    async def call(self, method: str, **arguments: Any) -> dict[str, Any]:
        """What Slack answered. Raises SlackRefused, SlackBusy, SlackUnsure or SlackAway."""
        if not self.token and "app_token" not in arguments:
            raise SlackRefused(NOT_INSTALLED)
        ask: Callable[..., Any] | None = getattr(self.client, method.replace(".", "_"), None)
        return await self._answered(method, lambda: ask(**arguments) if ask else self.client.api_call(method, json=arguments))

    async def exchange(self, client_id: str, client_secret: str, **arguments: str) -> dict[str, Any]:
        """A code for a token: the app proves who it is by its id and secret. The same errors as `call`."""
        method, proof = "oauth.v2.access", b64encode(f"{client_id}:{client_secret}".encode()).decode()
        headers = {"Authorization": f"Basic {proof}"}
        return await self._answered(method, lambda: self.client.api_call(method, data=arguments, headers=headers))

    async def _answered(self, method: str, ask: Callable[[], Awaitable[Any]]) -> dict[str, Any]:
        self._session()
        try:
            answer = await ask()
        except SlackApiError as error:
            problem = _meaning(method, error)
            if self._locked_out and isinstance(problem, SlackRefused) and problem.code in LOCKED_OUT:
                self._locked_out(self)
            raise problem from error
        except aiohttp.ClientConnectorError as error:
            raise SlackAway(f"Slack cannot be reached: {error}") from error
        except (TimeoutError, aiohttp.ClientError, OSError, ValueError, AttributeError) as error:
            raise SlackUnsure(f"no clear reply to {method}: {type(error).__name__} {error}".strip()) from error
        return dict(answer.data)

    async def respond(self, url: str, **body: Any) -> None:
        """Post to a response URL. The same errors as `call`."""
        try:
            async with self._session().post(url, json=body) as response:
                said = await response.text()
                if response.status == 429:
                    raise SlackBusy(_seconds(response.headers), "response_url")
                if response.status >= 500:
                    raise SlackUnsure(f"the response URL answered {response.status}")
                if response.status >= 400 or '"ok":false' in said.replace(" ", ""):
                    raise SlackRefused(_code(said) or "expired_url")
        except aiohttp.ClientConnectorError as error:
            raise SlackAway(f"Slack cannot be reached: {error}") from error
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            raise SlackUnsure(f"no clear reply to a response URL: {type(error).__name__} {error}".strip()) from error

    async def download(self, url: str, most: int) -> bytes:
        """A file of Slack's. The token goes to Slack's own hosts alone. Raises SlackRefused("file_too_large") and the errors of `call`."""
        if not self._is_slacks(url):
            raise SlackRefused("file_not_at_slack")
        try:
            headers = {"Authorization": f"Bearer {self.token}"}
            async with self._session().get(url, headers=headers, allow_redirects=False) as response:
                if response.status == 429:
                    raise SlackBusy(_seconds(response.headers), "files")
                if response.status >= 500:
                    raise SlackUnsure(f"the file's address answered {response.status}")
                if response.status != 200:  # a page to log in at is a redirect
                    raise SlackRefused("file_not_found")
                content = bytearray()
                async for chunk in response.content.iter_chunked(65536):
                    content += chunk
                    if len(content) > most:
                        raise SlackRefused("file_too_large")
                return bytes(content)
        except aiohttp.ClientConnectorError as error:
            raise SlackAway(f"Slack cannot be reached: {error}") from error
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            raise SlackUnsure(f"no clear reply to a download: {type(error).__name__} {error}".strip()) from error

    async def upload(self, url: str, content: bytes) -> None:
        """The bytes of a file, to the address that Slack gave for them; it needs no token. The errors of `call`."""
        try:
            async with self._session().post(url, data=content, headers={"Content-Type": "application/octet-stream"}) as response:
                if response.status == 429:
                    raise SlackBusy(_seconds(response.headers), "files")
                if response.status >= 500:
                    raise SlackUnsure(f"the upload answered {response.status}")
                if response.status != 200:
                    raise SlackRefused("upload_refused", details=str(response.status))
        except aiohttp.ClientConnectorError as error:
            raise SlackAway(f"Slack cannot be reached: {error}") from error
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            raise SlackUnsure(f"no clear reply to an upload: {type(error).__name__} {error}".strip()) from error

    def _is_slacks(self, url: str) -> bool:
        where, ours = urlsplit(url), urlsplit(self.client.base_url)
        is_local = (where.scheme, where.netloc) == (ours.scheme, ours.netloc)
        return is_local or (where.scheme == "https" and (where.hostname or "").endswith(".slack.com"))

    async def close(self) -> None:
        await self.connections.close()

    def _session(self) -> aiohttp.ClientSession:
        self.client.session = self.connections.session()
        return self.client.session


def _meaning(method: str, error: SlackApiError) -> SlackError:
    response: Any = error.response
    status: int = getattr(response, "status_code", None) or getattr(response, "status", None) or 0
    data: Any = getattr(response, "data", None)
    code = str(data.get("error", "")) if isinstance(data, dict) else ""
    if status == 429 or code in _BUSY:
        return SlackBusy(_seconds(getattr(response, "headers", {})), method)
    if status >= 500 or code in _UNSURE or not code:
        return SlackUnsure(f"{method} answered {code or status}")
    return SlackRefused(code, data.get("needed"), _details(data))


def _details(data: dict[str, Any]) -> str:
    """What `invalid_blocks` and `invalid_arguments` add about where."""
    said = (data.get("response_metadata") or {}).get("messages") or data.get("errors") or ()
    return "; ".join(str(each) for each in said[:3])


def _seconds(headers: Any) -> float:
    try:
        return max(float(headers.get("Retry-After", DEFAULT_PATIENCE)), 0.05)
    except ValueError:
        return DEFAULT_PATIENCE


def _code(said: str) -> str:
    start = said.partition('"error"')[2].partition('"')[2]
    return start.partition('"')[0] or (said if said.isidentifier() else "")


_CURES = {
    "not_in_channel": "I am not in this channel: /invite @Tendon",
    "channel_not_found": "I cannot see this channel. It may be private: /invite @Tendon there",
    "is_archived": "This channel is archived. Unarchive it, or choose another one",
    "restricted_action": "This channel lets only some people post. Ask an admin to let Tendon post there",
    "user_not_in_channel": "The person is not in this channel",
    "user_not_found": "Slack knows nobody by this id",
    "cannot_dm_bot": "This is a bot, and bots cannot write to each other",
    "message_not_found": "The message is gone",
    "cant_update_message": "The message was not posted by Tendon",
    "msg_too_long": "The message is longer than Slack allows. Please report it",
    "msg_blocks_too_long": "The message is longer than Slack allows. Please report it",
    "invalid_blocks": "Slack does not take the layout of this message. Please report it",
    "expired_url": "It came too late to be shown. Ask again",
    "used_url": "It came too late to be shown. Ask again",
    "missing_scope": "Tendon was installed without a permission it needs. Install it again from the manifest",
}


def cure_for(code: str, channel: str | None = None) -> str:
    """What a person can do about a refusal, in one line. `channel` is named where it helps."""
    if code == NOT_INSTALLED:
        return "Tendon is not installed in this workspace any more. Install it again"
    if code in LOCKED_OUT:
        return "Slack does not take the bot's token. Install the app again, or check SLACK_BOT_TOKEN"
    cure = _CURES.get(code, "Ask whoever runs Tendon to look at the log")
    if channel and channel.startswith(("C", "G")):
        cure = cure.replace("this channel", f"<#{channel}>").replace("This channel", f"<#{channel}>")
    return cure
