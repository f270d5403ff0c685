"""A Slack that answers at once and checks nothing, so that a figure is the bot's own. `python -m benchmarks.instant PORT`."""

import itertools
import sys

from aiohttp import web

_stamps = itertools.count(1)


async def answer(request: web.Request) -> web.Response:
    method = request.match_info["method"]
    if method == "auth.test":
        return web.json_response({"ok": True, "team_id": "T1", "team": "Bench", "user_id": "UBOT", "bot_id": "B1", "user": "tendon"})
    if method == "team.info":
        return web.json_response({"ok": True, "team": {"id": "T1", "domain": "bench"}})
    if method == "users.info":
        user = {"id": "U1", "team_id": "T1", "tz": "Europe/Berlin", "profile": {"real_name": "Pia Marsh"}}
        return web.json_response({"ok": True, "user": user})
    if method == "conversations.info":
        return web.json_response({"ok": True, "channel": {"id": "C1", "name": "bench", "is_private": False, "is_member": True}})
    if method == "conversations.members":
        return web.json_response({"ok": True, "members": ["U1"]})
    if method in ("users.list", "conversations.list"):
        return web.json_response({"ok": True, "members": [], "channels": []})
    stamp = next(_stamps)
    return web.json_response({"ok": True, "channel": "C1", "ts": f"{stamp}.000100", "view": {"id": "V1"}})


def main(port: int) -> None:
    app = web.Application(client_max_size=8 * 1024 * 1024)
    app.router.add_route("*", "/api/{method}", answer)
    web.run_app(app, host="127.0.0.1", port=port, print=None, access_log=None)


if __name__ == "__main__":
    main(int(sys.argv[1]))
