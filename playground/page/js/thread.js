// The thread beside the channel: the first message, its replies, and its own composer.

import { byId, fill, h } from "./dom.js";
import { makeComposer } from "./composer.js";
import { messageNode } from "./message.js";
import { on, tell, world } from "./world.js";

let before = null;
const also = h("input", { type: "checkbox" }); // "Also send to", anew for each reply
let atEnd = true; // stays at the newest reply when the panel below grows
const below = () => { const box = byId("thread-messages"); return box.scrollHeight - box.scrollTop - box.clientHeight; };
const bottom = () => { const box = byId("thread-messages"); box.scrollTop = box.scrollHeight; };

export function startThread() {
  makeComposer(byId("thread-composer"), { label: "Reply in thread", thread: () => world.thread, also });
  byId("thread-composer").append(h("label", { class: "also quiet small" }, also, h("span", { id: "also-words" })));
  byId("thread-messages").addEventListener("scroll", () => { atEnd = below() < 40; });
  new ResizeObserver(() => { if (atEnd) bottom(); }).observe(byId("thread-messages"));
  on("thread", open);
  on("place", () => { if (world.thread) close(); });
  on("messages", ({ channel }) => channel === world.place && world.thread && draw());
  on("shell", () => world.thread && draw());
  byId("thread-close").addEventListener("click", close);
  byId("thread").addEventListener("keydown", (event) => { if (event.key === "Escape" && !event.defaultPrevented) close(); });
}

export function close() {
  world.thread = null;
  byId("thread").hidden = true;
  document.body.classList.remove("with-thread");
  if (before?.isConnected) before.focus({ preventScroll: true });
}

function open() {
  if (!world.thread) return close();
  before = document.activeElement;
  also.checked = false;
  byId("thread").hidden = false;
  document.body.classList.add("with-thread");
  draw();
  return byId("thread").querySelector("textarea").focus({ preventScroll: true });
}

function draw() {
  const all = world.here().filter((message) => message.ts === world.thread || message.thread_ts === world.thread);
  const parent = all.find((message) => message.ts === world.thread);
  const replies = all.filter((message) => message !== parent);
  const list = byId("thread-messages");
  const count = h("div", { class: "day" }, h("span", {}, replies.length === 1 ? "1 reply" : `${replies.length} replies`));
  fill(list, parent && messageNode(parent, { inThread: true }), replies.length > 0 && count, replies.map((message) => messageNode(message, { inThread: true })));
  const channel = world.channel(world.place);
  fill(byId("thread-where"), channel?.kind === "channel" ? `#${channel.name}` : channel?.name || "");
  fill(byId("also-words"), channel?.kind === "channel" ? `Also send to #${channel.name}` : "Also send as direct message");
  bottom();
}

export const openThread = (ts) => { world.thread = ts; tell("thread"); };
