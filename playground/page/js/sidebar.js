// The list of places: channels, people, the app; with what is unread in words as well as weight.

import { byId, fill, h, icon } from "./dom.js";
import { avatar } from "./avatar.js";
import { newMessage } from "./talk.js";
import { on, world } from "./world.js";

let go = () => {};

export function startSidebar(visit) {
  go = visit;
  on("shell place", draw);
}

const byName = (a, b) => a.name.localeCompare(b.name);

function draw() {
  const all = [...world.channels.values()].filter((channel) => channel.member && !channel.archived);
  const rooms = all.filter((channel) => channel.kind === "channel").sort(byName);
  const direct = all.filter((channel) => channel.kind !== "channel" && !channel.app).sort(byName);
  const other = [...world.channels.values()].filter((channel) => !channel.member && !channel.private && channel.kind === "channel" && !channel.archived).sort(byName);
  fill(byId("sidebar-places"), part("Channels", rooms.map(room)), part("Direct messages", direct.map(person), h("button", { type: "button", class: "places-add", "aria-label": "New message", title: "New message", onclick: newMessage }, icon("plus", 16))), part("Apps", [app()]), other.length > 0 && part("Not joined", other.map(room)));
}

const part = (name, rows, extra) => h("section", { class: "places" }, h("div", { class: "places-head" }, h("h2", { class: "places-name" }, name), extra), h("ul", {}, rows));

function row(id, channel, sign, name, note) {
  const here = world.place === id;
  const unread = !here && channel?.member && channel.unread;
  return h("li", {}, h("button", { type: "button", class: `place${here ? " place-here" : ""}${unread ? " place-unread" : ""}`, "aria-current": here ? "page" : null, title: name, dataset: { place: id }, onclick: () => go(id) },
    sign, h("span", { class: "place-name" }, name), note && h("span", { class: "place-note" }, note),
    unread ? h("span", { class: channel.mentions ? "badge badge-me" : "badge", "aria-label": `${unread} unread` }, unread > 99 ? "99+" : unread) : null));
}

const room = (channel) => row(channel.id, channel, icon(channel.private ? "lock" : "hash", 16), channel.name, channel.shared ? "shared" : null);
const person = (channel) => row(channel.id, channel, channel.kind === "im" ? avatar(world.person(channel.with), "avatar-small") : icon("people", 16), channel.name);

function app() {
  const dm = [...world.channels.values()].find((channel) => channel.app);
  const here = world.place === dm?.id ? dm.id : "home";
  return row(here, dm, avatar({ bot: true }, "avatar-small"), world.app.name, "app");
}
