"""LocalSlack: one workspace in one process, with its own clock and seed; tests, the page and the command line all stand on it."""

import random
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from playground import payloads, rooms
from playground.clock import Clock
from playground.delivery import Sender, Sending
from playground.faults import Faults
from playground.feed import Feed
from playground.grants import granted, unfurls, wants
from playground.methods.table import Token
from playground.people import Actor
from playground.rates import Rates
from playground.server import Server
from playground.snapshot import snapshot
from playground.sockets import Sockets
from playground.state import Call, Channel, Delivery, Ids, Json, Member, State, UserGroup
from playground.tokens import Cursors, Hooks, Tokens, Triggers

KEPT = 10_000  # calls and deliveries kept in the log


class LocalSlack:
    """`manifest` is the app's `app.yaml` as a dict; an empty one grants everything, for apps whose manifest is not known."""

    def __init__(self, seed: int = 0, now: datetime | None = None, name: str = "Local") -> None:
        self.seed, self.name, self.domain = seed, name, name.lower()
        ids = Ids(seed)
        self.team_id, self.other_team_id = ids.new("T", 9), ids.new("T", 9)
        self.app_id, self.bot_id, self.bot_user = ids.new("A"), ids.new("B"), ids.new("U")
        self.bot_token = f"xoxb-{ids.rng.randrange(10**11)}-{ids.new('', 24)}"
        self.app_token = f"xapp-1-{self.app_id}-{ids.new('', 32).lower()}"
        self.signing_secret = f"{ids.rng.getrandbits(128):032x}"
        self.client_id, self.client_secret = f"{ids.rng.randrange(10**11)}.{ids.rng.randrange(10**12)}", f"{ids.rng.getrandbits(128):032x}"
        self.bot_name = "Tendon"
        self.manifest: Json = {}
        self.emoji: dict[str, str] = {}
        self.instant = False
        self.neighbours: list[LocalSlack] = []
        self.is_organisation = False  # an administrator lets apps into all of its workspaces at once
        self.url = "http://127.0.0.1:0"
        self.clock, self.feed, self.cursors = Clock(now), Feed(), Cursors()
        self.clock.moved = lambda: self.feed.tell("clock", now=self.clock.now().isoformat())
        self.sockets, self.sender, self.server = Sockets(self), Sender(self), Server(self)
        self.reset()

    def reset(self) -> None:
        """Everything as on the first day; the server, its address, the tokens, the manifest and the app's connections stay."""
        self.clock.reset()
        self.state = State(Ids(self.seed + 1))
        self.faults, self.rates = Faults(), Rates()
        self.tokens, self.triggers, self.hooks = Tokens(self), Triggers(self), Hooks(self)
        self.tokens.known = {self.bot_token: Token("bot"), self.app_token: Token("app", frozenset({"connections:write"}))}
        self.created = int(self.clock.now().timestamp())
        bot = Member(self.bot_user, self.bot_name, self.bot_name.lower(), "America/Los_Angeles", bot=True, team_id=self.team_id)
        self.state.members[self.bot_user] = bot
        self.feed.tell("reload")

    # -- the company -------------------------------------------------------------------------------------------------

    def member(self, id: str, name: str, zone: str = "Europe/London", title: str = "", email: str | None = None, **more: Any) -> Member:
        """Adds a person. `more`: admin, guest, outside (from another organisation), handle, status_text, deleted."""
        ZoneInfo(zone)
        handle = more.pop("handle", name.lower().replace(" ", "."))
        email = f"{handle}@{self.domain}.example" if email is None else email
        team_id = self.other_team_id if more.get("outside") else self.team_id
        self.state.members[id] = Member(id, name, handle, zone, title, email, team_id=team_id, **more)
        self.feed.tell("member", user=id)
        return self.state.members[id]

    def channel(
        self,
        id: str,
        name: str,
        members: list[str] | tuple[str, ...] = (),
        private: bool = False,
        shared: bool = False,
        bot: bool = True,
        **more: Any,
    ) -> Channel:
        """Adds a channel, without events. `bot=True`: the bot is a member. `more`: topic, purpose, archived, creator."""
        unknown = [m for m in members if m not in self.state.members]
        if unknown:
            raise ValueError(f"No such member: {', '.join(unknown)}. Add people with slack.member() first.")
        everyone = [*members, self.bot_user] if bot else list(members)
        more.setdefault("creator", members[0] if members else self.bot_user)
        room = Channel(id, name, members=everyone, private=private, shared=shared, created=int(self.clock.now().timestamp()), **more)
        self.state.channels[id] = room
        self.feed.tell("channel", channel=id)
        return room

    def user_group(self, id: str, handle: str, name: str, users: list[str]) -> UserGroup:
        self.state.groups[id] = UserGroup(id, handle, name, users, int(self.clock.now().timestamp()))
        return self.state.groups[id]

    def change_group(self, id: str, users: list[str]) -> Sending:
        """Says who is in a user group; sends what changed, and the group as it is now. Nobody in it: it is switched off."""
        from playground import shapes

        group = self.state.groups[id]
        before, now = group.updated or group.created, max(int(self.clock.now().timestamp()), group.updated + 1)
        added, removed = sorted(set(users) - set(group.users)), sorted(set(group.users) - set(users))
        group.users, group.updated, group.deleted = users, now, 0 if users else now
        delta = {"added_users": added, "added_users_count": len(added), "removed_users": removed, "removed_users_count": len(removed)}
        when = {"date_previous_update": before, "date_update": now, "event_ts": self.stamp()}
        self.sender.event({"type": "subteam_members_changed", "subteam_id": id, "team_id": self.team_id, **when, **delta})
        shape = shapes.user_group(self, group, with_users=True)
        return self.sender.event({"type": "subteam_updated", "subteam": shape, "event_ts": self.stamp()})

    def as_(self, user: str) -> Actor:
        """A person at the keyboard."""
        return Actor(self, self.state.members[user])

    # -- what happens in it ------------------------------------------------------------------------------------------
    # Each takes effect at once and tells the app in the background; awaiting the answer waits for the app's ack.

    def join(self, channel: str, user: str, inviter: str = "") -> Sending:
        return rooms.join(self, self.state.channels[channel], user, inviter)

    def leave(self, channel: str, user: str) -> Sending:
        return rooms.leave(self, self.state.channels[channel], user)

    def archive(self, channel: str, user: str = "") -> Sending:
        return rooms.archive(self, self.state.channels[channel], user)

    def unarchive(self, channel: str, user: str = "") -> Sending:
        return rooms.archive(self, self.state.channels[channel], user, archived=False)

    def rename(self, channel: str, name: str) -> Sending:
        return rooms.rename(self, self.state.channels[channel], name)

    def delete_channel(self, channel: str, user: str = "") -> Sending:
        return rooms.delete(self, self.state.channels[channel], user)

    def share(self, channel: str, shared: bool = True) -> Sending:
        """With another organisation, or no more."""
        return rooms.share(self, self.state.channels[channel], shared)

    def change_member(self, user: str, **changes: Any) -> Sending:
        """A new name, zone, status, guest or deleted flag; sends user_change."""
        from playground import shapes

        person = self.state.members[user]
        for key, value in changes.items():
            setattr(person, key, value)
        self.feed.tell("member", user=user)
        inner = {"type": "user_change", "user": shapes.member(self, person), "cache_ts": self.created, "event_ts": self.stamp()}
        return self.sender.event(inner)

    def welcome(self, user: str) -> Sending:
        """Sends team_join for a member who was added."""
        from playground import shapes

        return self.sender.event({"type": "team_join", "user": shapes.member(self, self.state.members[user]), "event_ts": self.stamp()})

    @property
    def is_installed(self) -> bool:
        return self.bot_token not in self.tokens.revoked

    def install(self) -> None:
        """Somebody allowed it. Where it is installed already its token stays."""
        if not self.is_installed:
            self.bot_token = f"xoxb-{self.state.ids.rng.randrange(10**11)}-{self.state.ids.new('', 24)}"
            self.tokens.known[self.bot_token] = Token("bot")

    def beside(self, other: "LocalSlack") -> None:
        """Another workspace for the same app, which reaches both at the other's address: a call goes where its token or code is known."""
        for name in ("app_id", "client_id", "client_secret", "signing_secret", "manifest"):
            setattr(self, name, getattr(other, name))
        other.neighbours.append(self)

    def uninstall(self) -> Sending:
        """The app is removed: its tokens end, and it is told twice."""
        self.tokens.revoke(self.bot_token)
        self.sender.event({"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [self.bot_user]}})
        return self.sender.event({"type": "app_uninstalled"})

    # -- the app -----------------------------------------------------------------------------------------------------

    async def start(self, port: int = 0, host: str = "127.0.0.1") -> None:
        self.url = await self.server.start(host, port)

    async def stop(self) -> None:
        await self.sockets.stop()
        await self.server.stop()
        await self.sender.stop()  # last: what the app asked for a moment ago may have made one thing more to send

    @property
    def api_url(self) -> str:
        return f"{self.url}/api/"

    def deliver_to(self, url: str | None) -> None:
        """Signed HTTP to this address; with None, Socket Mode."""
        self.sender.target = url

    async def event(self, inner: Json) -> Delivery:
        """Sends the app a raw event, whether it asked for such or not; an envelope of the caller's own is sent as it is."""
        payload = inner if inner.get("type") == "event_callback" else payloads.event(self, inner)
        return await self.sender.push_event(payload)

    async def deliver_again(self, delivery: Delivery) -> Delivery:
        """Sends the very same request once more."""
        return await self.sender.again(delivery)

    async def settled(self) -> None:
        """Waits until nothing is on its way to the app, retries included."""
        await self.sender.settled()

    @property
    def calls(self) -> list[Call]:
        return self.state.calls

    @property
    def deliveries(self) -> list[Delivery]:
        return self.state.deliveries

    def granted(self, token: Token) -> frozenset[str] | None:
        return granted(self.manifest, token)

    def manifest_wants(self, inner: Json) -> bool:
        return wants(self, inner)

    def unfurls(self, domain: str) -> bool:
        return unfurls(self.manifest, domain)

    def wait_for_method(self, name: str, tier: int) -> int:
        return 0 if self.instant else self.rates.wait_for_method(name, tier, self.clock.limits())

    def wait_for_channel(self, channel: str) -> int:
        return 0 if self.instant else self.rates.wait_for_channel(channel, self.clock.limits())

    def log(self, call: Call) -> None:
        for kept in (self.state.calls, self.state.deliveries):
            if len(kept) > KEPT:
                del kept[: KEPT // 2]
        self.state.calls.append(call)
        self.feed.tell("call", index=len(self.state.calls) - 1, method=call.method)

    def stamp(self) -> str:
        """A timestamp of the workspace's clock that no other message has, and that is later than all before it."""
        micros = max(self.state.last_ts + 1, int(self.clock.now().timestamp() * 1_000_000))
        self.state.last_ts = micros
        return f"{micros // 1_000_000}.{micros % 1_000_000:06d}"

    def rng(self, purpose: str) -> random.Random:
        """Chance of its own for a purpose, from the workspace's seed."""
        return random.Random(f"{self.seed}:{purpose}")

    def snapshot(self, viewer: str) -> Json:
        """The workspace as this member sees it, ready for JSON."""
        return snapshot(self, viewer)
