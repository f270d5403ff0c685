// The app's own place: its Home tab as published for this person, and the messages it wrote them.

import { byId, fill, h } from "./dom.js";
import { blocks } from "./blocks.js";
import { act } from "./net.js";
import { prune, surface } from "./surface.js";
import { on, world } from "./world.js";

let opened = null;
let place = null;

export function startHome(visit) {
  on("place shell", () => { tabs(visit); show(); });
  on("home", () => { if (world.place === "home") draw(); });
}

const dm = () => [...world.channels.values()].find((channel) => channel.app);
const inApp = () => world.place === "home" || world.place === dm()?.id;

function tabs(visit) {
  const bar = byId("app-tabs");
  bar.hidden = !inApp();
  if (bar.hidden) return;
  const tab = (id, label) => h("button", { type: "button", role: "tab", id: `tab-${label}`, "aria-selected": String(world.place === id), tabindex: world.place === id ? "0" : "-1", class: "tab", onclick: () => visit(id),
    onkeydown: (event) => { if (/^Arrow(Left|Right)$/.test(event.key)) { event.preventDefault(); [...bar.children].find((one) => one !== event.target)?.click(); bar.querySelector("[aria-selected=true]")?.focus(); } } }, label);
  fill(bar, tab("home", "Home"), dm() && tab(dm().id, "Messages"));
}

function show() {
  const home = world.place === "home";
  byId("home").hidden = !home;
  byId("stream").hidden = home;
  closed(home);
  if (!home) { opened = null; place = world.place; return; }
  fill(byId("channel-name"), h("h1", { tabindex: "-1" }, world.app.name));
  fill(byId("channel-topic"), "");
  if (place !== "home" || opened !== world.me.id) {
    opened = world.me.id;
    place = "home";
    act("home", {}, { quiet: true });
  }
  draw();
}

/** Where one cannot write, the reason stands in place of the composer. */
function closed(home) {
  const channel = world.channel(world.place);
  const why = home || !channel ? null : channel.archived ? "This channel is archived." : channel.member ? null : `You are not in #${channel.name}.`;
  byId("composer").hidden = home || Boolean(why);
  byId("closed").hidden = !why;
  fill(byId("closed"), why && h("div", { class: "closed" }, h("span", {}, why), !channel.archived && h("button", { type: "button", class: "button button-primary", onclick: () => act("join", { channel: channel.id }) }, "Join")));
}

function draw() {
  const view = world.home;
  if (view) prune(view.id, view.blocks);
  fill(byId("home"), view?.blocks?.length ? blocks(view.blocks, surface({ view_id: view.id }))
    : h("div", { class: "empty" }, h("strong", {}, "Nothing here yet"), h("p", {}, `${world.app.name} has not put anything on this page. It is asked each time you open it.`)));
}
