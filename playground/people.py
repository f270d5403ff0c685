"""A person at the keyboard: types commands, presses buttons, fills in forms, reads channels. Tests and the page act through it."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from playground import acks, forms, messages, payloads, rooms, shapes, stack
from playground.forms import NotThere
from playground.grants import has_command, has_shortcut
from playground.snapshot import in_channel, may_see, seen_by
from playground.state import Channel, Delivery, Json, Member, Message, View

if TYPE_CHECKING:
    from playground.workspace import LocalSlack


@dataclass
class Reply:
    """How the app acked, and what of it the person sees. `status` 0: the app was not reached, or was too slow."""

    status: int
    body: Any = None
    text: str = ""
    blocks: list[Json] = field(default_factory=list)
    ephemeral: bool = True
    millis: float = 0.0
    message: Message | None = None
    errors: dict[str, str] = field(default_factory=dict)
    error: str = ""
    delivery: Delivery | None = None


class Actor:
    def __init__(self, slack: "LocalSlack", person: Member) -> None:
        self.slack, self.person, self.id = slack, person, person.id

    # -- speaking ----------------------------------------------------------------------------------------------------

    async def say(self, channel: str, text: str, thread: str | None = None, broadcast: bool = False) -> Message:
        """A message in a channel, a thread (also sent to its channel: `broadcast`), or in a DM (a member's id, such as the bot's)."""
        return rooms.say(self.slack, self._room(channel, write=True), self.id, text, thread, broadcast)

    async def edit(self, channel: str, ts: str, text: str) -> Message:
        return messages.update(self.slack, self._own(channel, ts), self.id, text=text, blocks=messages.rich_text(self.slack, text))

    async def delete(self, channel: str, ts: str) -> None:
        messages.delete(self.slack, self._own(channel, ts))

    def _own(self, channel: str, ts: str) -> Message:
        message = self._message(channel, ts)
        if message.user != self.id:
            raise NotThere("Only one's own messages can be changed.")
        return message

    async def react(self, channel: str, ts: str, name: str) -> None:
        message = self._message(channel, ts)
        if self.id not in message.reactions.get(name, []):
            rooms.react(self.slack, self._room(channel, write=True), ts, name, self.id)

    async def unreact(self, channel: str, ts: str, name: str) -> None:
        if self.id in self._message(channel, ts).reactions.get(name, []):
            rooms.react(self.slack, self._room(channel, write=True), ts, name, self.id, added=False)

    async def command(self, channel: str, name: str, text: str = "", raw: Json | None = None) -> Reply:
        """A slash command; its ack's words appear in the channel, for this person alone unless it says `in_channel`."""
        room = self._room(channel)
        if self.person.outside or not has_command(self.slack.manifest, name):
            return Reply(0, text=f"{name} is not a valid command.", error="invalid_command")
        payload = payloads.command(self.slack, self.person, room, name, text) | (raw or {})
        delivery = await self.slack.sender.push("slash_commands", payload)
        return acks.to_command(self.slack, room, self.id, name, delivery)

    # -- shortcuts, buttons and forms --------------------------------------------------------------------------------

    async def global_shortcut(self, callback_id: str) -> Reply:
        self._check_shortcut(callback_id, "global")
        payload = payloads.global_shortcut(self.slack, self.person, callback_id)
        return acks.plain(await self.slack.sender.push("interactive", payload))

    async def shortcut(self, callback_id: str, channel: str, ts: str) -> Reply:
        """A message shortcut, from the menu of a message."""
        self._check_shortcut(callback_id, "message")
        message = self._message(channel, ts)
        if message.ephemeral_for:
            raise NotThere("Slack offers no shortcuts on a message that only one person sees.")
        payload = payloads.message_shortcut(self.slack, self.person, callback_id, message)
        return acks.plain(await self.slack.sender.push("interactive", payload))

    def _check_shortcut(self, callback_id: str, kind: str) -> None:
        if not has_shortcut(self.slack.manifest, callback_id, kind):
            raise NotThere(f"The manifest has no {kind} shortcut {callback_id!r}.")

    async def press(
        self, place: Message | View | Json, action_id: str, value: Any = None, state: Json | None = None, block_id: str | None = None
    ) -> Reply:
        """Presses a button, or chooses `value` (a label or value) in a select, of a message, a modal or a Home."""
        view = self._as_view(place)
        blocks = view.content["blocks"] if view else self._blocks_of(place)
        block, element = forms.find_element(blocks, action_id, value, block_id)
        picked = await self._picked(view or place, block, element, value)
        action = forms.action_of(self.slack, block, element, picked)
        if isinstance(view, View):
            if element["type"] in stack.EMPTY:
                view.values.setdefault(block["block_id"], {})[action_id] = picked
            if state:
                view.values |= state
            payload = payloads.view_press(self.slack, self.person, view, [action])
        else:
            values = self._message_state(place, blocks, block, element, picked) | (state or {})
            payload = payloads.message_press(self.slack, self.person, place, [action], values)  # type: ignore[arg-type]
        return acks.plain(await self.slack.sender.push("interactive", payload))

    async def _picked(self, place: Any, block: Json, element: Json, value: Any) -> Json:
        kind = element["type"]
        if kind == "overflow":
            return {"type": kind, "selected_option": forms.pick(element["options"], value)}
        if kind not in stack.EMPTY:
            return {}
        offered = await self._search(place, block, element, value) if "external" in kind and value else None
        return forms.chosen(self.slack, element, value, offered)

    def _as_view(self, place: Any) -> View | None:
        """The view that a dict of `pm.view` or `pm.home` stands for; it must still be on the screen."""
        if isinstance(place, Message):
            return None
        name = place.id if isinstance(place, View) else place.get("id")
        shown = self.slack.state.views.get(str(name))
        if shown is None or shown.user != self.id:
            raise NotThere("That view is no longer on this person's screen.")
        return shown

    def _blocks_of(self, place: Any) -> list[Json]:
        room = self.slack.state.channels[place.channel]
        if place not in seen_by(room, self.id):
            raise NotThere("This person does not see that message, or it was deleted.")
        return [*place.blocks, *(block for attachment in place.attachments for block in attachment.get("blocks") or [])]

    def _message_state(self, place: Any, blocks: list[Json], block: Json, element: Json, picked: Json) -> Json:
        """What is chosen in a message's elements: remembered for each person, as Slack's own window does."""
        state = self.slack.state.choices.setdefault((self.id, place.channel, place.ts), {})
        for name, fields in stack.values({"blocks": blocks}).items():
            state.setdefault(name, fields)
        if element["type"] in stack.EMPTY:
            state[block["block_id"]][element["action_id"]] = picked
        return {name: state[name] for name in stack.values({"blocks": blocks})}

    async def options(
        self, action_id: str, typed: str, place: Message | View | Json | None = None, block_id: str | None = None
    ) -> list[Json]:
        """What an external select offers for what was typed: in the top view, or in the message given."""
        where = place if place is not None else self._top()
        blocks = where.blocks if isinstance(where, Message) else (self._as_view(where) or self._top()).content["blocks"]
        block, element = forms.find_element(blocks, action_id, None, block_id)
        return await self._search(where, block, element, typed)

    async def _search(self, place: Any, block: Json, element: Json, typed: str) -> list[Json]:
        if len(typed) < element.get("min_query_length", 3):
            return []
        payload = payloads.suggestion(self.slack, self.person, self._container(place), block["block_id"], element["action_id"], typed)
        return acks.to_options(await self.slack.sender.push("interactive", payload))

    def _container(self, place: Any) -> Json:
        view = self._as_view(place)
        if view:
            return payloads.view_container(self.slack, view)
        return payloads.message_container(self.slack, place)

    async def submit(self, fields: Json | None = None) -> Reply:
        """Fills in the top modal by label (or block_id) and sends it; what Slack itself refuses is in `errors`, with status 0."""
        shown = self._top()
        for name, wanted in (fields or {}).items():
            block, element = forms.find_field(shown, name)
            shown.values[block["block_id"]][element["action_id"]] = await self._picked(shown, block, element, wanted)
        if not shown.content.get("submit"):
            raise NotThere("This modal has no button to submit it.")
        shown.errors = forms.missing(shown)
        if shown.errors:
            self.slack.feed.tell("view", user=self.id)
            return Reply(0, errors=shown.errors, text="Please correct the marked fields.")
        payload = payloads.submission(self.slack, self.person, shown)
        shown.loading = True
        self.slack.feed.tell("view", user=self.id)
        return acks.to_submission(self.slack, shown, await self.slack.sender.push("interactive", payload))

    async def close(self, everything: bool = False) -> Reply | None:
        """Closes the top modal (or all of them); the app is told of each that asked for it."""
        asked = stack.pop(self.slack, self.id, everything or bool(self._top().content.get("clear_on_close")))
        reply = None
        for shown in asked:
            if shown.content.get("notify_on_close"):
                payload = payloads.closed(self.slack, self.person, shown, is_cleared=len(asked) > 1)
                reply = acks.plain(await self.slack.sender.push("interactive", payload))
        return reply

    async def open_home(self, tab: str = "home") -> None:
        """Opens the app's Home (or its messages); the app is told, with the view that is there already."""
        room = rooms.open_dm(self.slack, self.slack.bot_user, self.id)
        shown = self.slack.state.homes.get(self.id)
        await self.slack.sender.event(payloads.home_opened(self.slack, self.id, room, tab, shown))

    # -- reading -----------------------------------------------------------------------------------------------------

    @property
    def views(self) -> list[Json]:
        """The stack of open modals, the top one last."""
        return [shapes.view(self.slack, shown) for shown in self.slack.state.stacks.get(self.id, [])]

    @property
    def view(self) -> Json | None:
        return self.views[-1] if self.slack.state.stacks.get(self.id) else None

    @property
    def home(self) -> Json | None:
        shown = self.slack.state.homes.get(self.id)
        return shapes.view(self.slack, shown) if shown else None

    def sees(self, channel: str) -> list[Message]:
        """The messages of a channel as this person sees them, in order: no replies of threads, but what is only for their eyes."""
        return in_channel(seen_by(self._room(channel), self.id)) if self._knows(channel) else []

    def thread(self, channel: str, ts: str) -> list[Message]:
        """A message and its replies as this person sees them."""
        return [m for m in seen_by(self._room(channel), self.id) if ts in (m.ts, m.thread_ts)] if self._knows(channel) else []

    def dms(self) -> list[Message]:
        """What the bot said to this person privately."""
        pair = {self.id, self.slack.bot_user}
        rooms_of_two = [room for room in self.slack.state.channels.values() if room.kind == "im" and set(room.members) == pair]
        return [m for room in rooms_of_two for m in seen_by(room, self.id) if m.bot]

    def mark_read(self, channel: str) -> None:
        found = seen_by(self._room(channel), self.id)
        self.person.read[self._room(channel).id] = found[-1].ts if found else "0"

    # -- finding -----------------------------------------------------------------------------------------------------

    def _top(self) -> View:
        pile = self.slack.state.stacks.get(self.id)
        if not pile:
            raise NotThere(f"{self.person.name} has no modal open.")
        return pile[-1]

    def _knows(self, channel: str) -> bool:
        return channel in self.slack.state.members or may_see(self.slack.state.channels[channel], self.id)

    def _room(self, channel: str, write: bool = False) -> Channel:
        if channel in self.slack.state.members:
            return rooms.open_dm(self.slack, self.id, channel)
        room = self.slack.state.channels[channel]
        if write and room.archived:
            raise NotThere(f"#{room.name} is archived.")
        if write and self.id not in room.members:
            raise NotThere(f"{self.person.name} is not in #{room.name}.")
        return room

    def _message(self, channel: str, ts: str) -> Message:
        for message in seen_by(self._room(channel), self.id):
            if message.ts == ts and message.is_stone:
                raise NotThere("That message was deleted; only its thread is left.")
            if message.ts == ts:
                return message
        raise NotThere(f"{self.person.name} sees no message {ts} there.")
