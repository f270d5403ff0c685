// For developers: every request and answer between the app and this workspace, newest first, and the faults to try.

import { byId, fill, h, icon } from "./dom.js";
import { openDialog } from "./dialog.js";
import { faultsPanel } from "./faults.js";
import { copy } from "./message.js";
import { calls, relisten } from "./net.js";
import { on, world } from "./world.js";

const MOST = 300;
const clock = (at) => new Date(at * 1000).toLocaleTimeString("en-GB"); // real time here, whatever the workspace's clock says
let rows = [];
let tab = "calls";
let words = "";

export function startInspector() {
  on("developer", async () => { relisten(); if (!world.developer) return; take(await calls().then((got) => got.calls).catch(() => []), true); });
  on("calls", (fresh) => world.developer && take(fresh));
  document.addEventListener("show-json", (event) => showJson("This message", event.detail));
  byId("inspector-filter").addEventListener("input", (event) => { words = event.target.value.toLowerCase(); draw(); });
  byId("inspector-clear").addEventListener("click", () => { rows = []; draw(); });
  for (const button of byId("inspector-tabs").children) button.addEventListener("click", () => { tab = button.dataset.tab; draw(); });
}

function take(fresh, anew = false) {
  const known = new Set(anew ? [] : rows.map((row) => row.id));
  const again = new Map(fresh.map((row) => [row.id, row]));
  rows = [...fresh.filter((row) => !known.has(row.id)).reverse(), ...(anew ? [] : rows.map((row) => again.get(row.id) || row))].slice(0, MOST);
  draw();
}

const found = (row) => !words || `${row.name} ${row.status} ${row.error || ""} ${JSON.stringify(row.sent)} ${JSON.stringify(row.answer)}`.toLowerCase().includes(words);

function draw() {
  for (const button of byId("inspector-tabs").children) button.setAttribute("aria-selected", String(button.dataset.tab === tab));
  byId("inspector-filter").parentElement.hidden = tab !== "calls";
  if (tab === "faults") return faultsPanel(byId("inspector-list"));
  const open = new Set([...byId("inspector-list").querySelectorAll("details[open]")].map((node) => node.dataset.id));
  const list = rows.filter(found);
  return fill(byId("inspector-list"), list.length ? list.map((row) => entry(row, open.has(row.id))) : h("p", { class: "empty quiet" }, rows.length ? "Nothing fits this filter." : "Nothing yet. Each request between the app and this workspace is listed here."));
}

function entry(row, isOpen) {
  const bad = row.error || row.status >= 400 || row.status === 0;
  const body = h("div", { class: "call-body" });
  const node = h("details", { class: "call", dataset: { id: row.id } }, h("summary", {}, h("span", { class: `way way-${row.way}` }, row.way === "in" ? "App asks" : "Sent to app"), h("span", { class: "call-name" }, row.name), bad && h("span", { class: "call-bad" }, row.error || "failed"),
    h("span", { class: "call-status" }, row.status || "no answer"), h("span", { class: "call-time" }, `${Math.round(row.millis)} ms`), h("time", { class: "quiet" }, clock(row.at))), body);
  node.addEventListener("toggle", () => node.open && fill(body, pane("Request", row.sent), pane("Answer", row.answer)));
  if (isOpen) node.open = true;
  return node;
}

function pane(name, value) {
  const text = typeof value === "string" ? value : JSON.stringify(value ?? null, null, 2);
  return h("div", { class: "call-pane" }, h("div", { class: "call-pane-head" }, h("strong", {}, name), h("button", { type: "button", class: "button button-small", onclick: () => copy(text) }, icon("copy", 14), " Copy")), h("pre", { tabindex: "0" }, h("code", {}, text.slice(0, 60000))));
}

export const showJson = (title, value) => openDialog({ title, body: pane("JSON", value) });
