// The open channel: its head, its messages in a window of the newest, days between them, and where reading stopped.

import { byId, fill, h, icon } from "./dom.js";
import { dayKey, dayOrNear, fromTs } from "./dates.js";
import { messageNode } from "./message.js";
import { act } from "./net.js";
import { on, tell, world } from "./world.js";

const STEP = 80;
const ANSWERED = 4000; // milliseconds in which what comes is taken for the answer to what the person did
const drawn = new Map(); // key -> {sign, node}
let window_ = STEP;
let newFrom = null; // first unread when the channel was opened
let place = null;
let reader = null;
let known = "";
let pinned = true; // reading the newest: stay there while things are drawn or grow
let touched = false; // by hand since arriving; until then the newest is what one came for

export function startChannel() {
  on("place", arrive);
  on("messages", ({ channel, fresh }) => channel === world.place && more(fresh));
  on("shell", again);
  byId("scroll").addEventListener("scroll", grow, { passive: true });
  byId("jump").addEventListener("click", bottom);
  for (const kind of ["wheel", "touchmove", "pointerdown", "keydown"]) byId("scroll").addEventListener(kind, () => { touched = true; }, { passive: true });
  document.addEventListener("visibilitychange", read);
  new ResizeObserver(() => { if (pinned) bottom(); }).observe(byId("messages"));
  new ResizeObserver(() => { if (pinned) bottom(); }).observe(byId("scroll"));
}

/** Names may have changed, or the person who looks. */
function again() {
  const sign = JSON.stringify([world.me.id, world.developer, [...world.people.values()]]);
  if (sign !== known) drawn.clear();
  const same = sign === known;
  known = sign;
  head();
  if (place !== world.place || reader !== world.me.id) return; // `arrive` draws
  if (!same) { draw(); show(); }
  read();
}

const visible = () => world.here().filter((message) => !message.thread_ts || message.thread_ts === message.ts || message.broadcast);

function arrive() {
  if (world.place === "home") return;
  const anew = place !== world.place || reader !== world.me.id;
  if (anew) {
    place = world.place;
    reader = world.me.id;
    touched = false;
    window_ = STEP;
    const channel = world.channel(place);
    const unread = channel?.unread ? visible().filter((message) => message.ts > (channel.read || "0") && message.user !== world.me.id)[0] : null;
    newFrom = unread?.key || null;
  }
  head();
  draw();
  show(!touched);
  read();
}

const read = () => !document.hidden && world.channel(world.place)?.unread && act("read", { channel: world.place }, { quiet: true });

function head() {
  const channel = world.channel(world.place);
  if (!channel) return;
  const people = channel.kind === "channel" && h("span", { class: "channel-people", title: names(channel) }, icon("people", 16), String(channel.members.length), h("span", { class: "hidden" }, " members"));
  fill(byId("channel-name"), channel.kind === "channel" && icon(channel.private ? "lock" : "hash", 18), h("h1", { tabindex: "-1" }, channel.app ? world.app.name : channel.name), channel.shared && h("span", { class: "tag tag-out" }, "shared with a customer"), people);
  fill(byId("channel-topic"), channel.topic || "");
}

const names = (channel) => channel.members.map((id) => world.person(id)?.name || id).slice(0, 20).join(", ");

/** What was just written is gone to, unless one reads elsewhere: then it is only announced. */
function more(fresh) {
  const follow = fresh.length > 0 && (!touched || performance.now() - world.acted < ANSWERED || below() < 80);
  draw();
  if (!show(follow) && fresh.length) byId("jump").hidden = false;
}

/** Moves to where reading goes on; measured once after all is drawn, since each measuring lays out the whole page. */
function show(follow = false) {
  if (follow) newest();
  else if (pinned) bottom();
  return follow || pinned;
}

function draw() {
  const all = visible();
  const list = all.slice(-window_);
  const rows = [];
  let before = null;
  for (const message of list) {
    const date = dayKey(fromTs(message.ts));
    const line = message.key === newFrom;
    if (!before || dayKey(fromTs(before.ts)) !== date) rows.push(h("div", { class: "day", role: "separator" }, h("span", {}, dayOrNear(fromTs(message.ts)))));
    if (line) rows.push(h("div", { class: "new-line", role: "separator" }, h("span", {}, "New")));
    rows.push(row(message, Boolean(before) && !line && run(before, message)));
    before = message;
  }
  const start = all.length > list.length ? h("div", { class: "earlier quiet small" }, `${all.length - list.length} earlier, scroll up`) : beginning();
  fill(byId("messages"), start, rows);
}

/** Goes to the end; but where the newest message is taller than the window, to its head: the first line is the answer. */
function newest() {
  const last = byId("messages").lastElementChild;
  const whole = last?.classList.contains("message");
  if (whole) last.style.contentVisibility = "visible"; // else its height is a guess
  bottom();
  if (!whole || last.offsetHeight <= byId("scroll").clientHeight) return;
  pinned = false;
  last.scrollIntoView({ block: "start" });
}

function beginning() {
  const channel = world.channel(world.place);
  return h("div", { class: "beginning" }, channel?.kind === "channel" ? [h("strong", {}, `#${channel.name}`), " starts here. ", channel.purpose || ""] : channel ? `This is between you and ${channel.app ? world.app.name : channel.name}.` : "");
}

const run = (a, b) => a.user === b.user && !a.ephemeral === !b.ephemeral && !a.subtype && !b.subtype && b.ts - a.ts < 300 && dayKey(fromTs(a.ts)) === dayKey(fromTs(b.ts)) && !(b.blocks || []).some((block) => block.type !== "rich_text");

function row(message, compact) {
  const sign = JSON.stringify([message, compact, world.me.id]);
  const held = drawn.get(message.key);
  if (held?.sign === sign) return held.node;
  const node = messageNode(message, { compact, openThread: (said) => { world.thread = said.thread_ts || said.ts; tell("thread"); } });
  drawn.set(message.key, { sign, node });
  if (held && document.contains(held.node)) node.classList.add("changed");
  return node;
}

const below = () => { const box = byId("scroll"); return box.scrollHeight - box.scrollTop - box.clientHeight; };

function bottom() {
  const box = byId("scroll");
  box.scrollTop = box.scrollHeight;
  byId("jump").hidden = true;
  pinned = true;
}

function grow() {
  const box = byId("scroll");
  pinned = below() < 8;
  if (pinned) byId("jump").hidden = true;
  if (box.scrollTop > 300 || window_ >= visible().length) return;
  const left = box.scrollHeight - box.scrollTop;
  window_ += STEP;
  draw();
  box.scrollTop = box.scrollHeight - left;
}
