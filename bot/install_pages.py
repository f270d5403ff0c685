"""What a person sees in the browser while they install Tendon. Nothing that came with the request is shown."""

from dataclasses import dataclass
from enum import Enum
from html import escape
from string import Template

from aiohttp import web

BEGIN = "/slack/install"
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",  # the address holds a code
    "X-Content-Type-Options": "nosniff",
}


@dataclass(frozen=True, slots=True)
class Words:
    status: int
    title: str
    says: str
    again: bool = True


class Page(Enum):
    INSTALLED = Words(200, "Tendon is in $workspace", "Open it in Slack: its Home shows what comes next.", False)
    CANCELLED = Words(200, "Nothing was installed", "You did not allow it in Slack, so nothing was changed.")
    ELSEWHERE = Words(400, "This was not begun here", "This browser did not begin this installation. Nothing was changed. Begin it here.")
    USED = Words(400, "This is over", "This installation was finished before, or never begun. Nothing was changed.")
    EXPIRED = Words(400, "It took too long", "An installation is to be finished within ten minutes. Nothing was changed.")
    TOO_LATE = Words(400, "Slack does not take it any more", "What Slack allowed was used before, or is too old. Nothing was changed.")
    UNCLEAR = Words(503, "Slack did not answer clearly", "It is not known whether Tendon was let in. To begin again does no harm.")
    NOT_SAVED = Words(503, "It could not be saved", "Tendon's database does not answer. Begin again in a minute.")
    CROWDED = Words(503, "Too many at once", "Many installations are under way. Begin again in ten minutes.")
    WHOLE_ORGANISATION = Words(400, "Choose a workspace", "Tendon is installed into one workspace, not into a whole organisation.")
    EXPIRING = Words(500, "The app must be made anew", "Its tokens expire. Whoever runs Tendon makes the app anew, from the manifest.")
    WRONG_CLIENT = Words(500, "Tendon is not set up right", "Slack does not know it. Whoever runs it must correct SLACK_CLIENT_ID.")
    WRONG_SECRET = Words(500, "Tendon is not set up right", "Slack does not believe it. Whoever runs it must correct SLACK_CLIENT_SECRET.")
    WRONG_ADDRESS = Words(500, "Tendon is not set up right", "Slack expects another address. Whoever runs it must correct PUBLIC_URL.")
    REFUSED = Words(502, "Slack refused it", "Nothing was changed. Whoever runs Tendon finds the reason in the log.")

    @classmethod
    def of_refusal(cls, code: str) -> "Page":
        return _OF_REFUSAL.get(code, cls.REFUSED)


_OF_REFUSAL = {
    "invalid_code": Page.TOO_LATE,
    "code_already_used": Page.TOO_LATE,
    "invalid_client_id": Page.WRONG_CLIENT,
    "bad_client_secret": Page.WRONG_SECRET,
    "bad_redirect_uri": Page.WRONG_ADDRESS,
}
_HTML = Template("""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>$title</title>
<style>body { font: 16px/1.5 system-ui, sans-serif; max-width: 34rem; margin: 4rem auto; padding: 0 1rem; color: #1d1c1d; background: #fff }
a { color: #0b4c8c }</style></head><body><main><h1>$title</h1><p>$says</p>$links</main></body></html>
""")


def show(page: Page, *, workspace: str = "", team: str = "", app: str = "") -> web.Response:
    words = page.value
    title = Template(words.title).substitute(workspace=escape(workspace or "your workspace"))
    links = '<p><a href="install">Begin again</a></p>' if words.again else ""  # beside this page, whatever stands before it
    if team:
        slack, browser = f"slack://app?team={team}&id={app}", f"https://app.slack.com/client/{team}"
        links = f'<p><a href="{escape(slack)}">Open Slack</a>, or <a href="{escape(browser)}">Slack in the browser</a>.</p>'
    text = _HTML.substitute(title=title, says=words.says, links=links)
    return web.Response(status=words.status, text=text, content_type="text/html", headers=HEADERS)
