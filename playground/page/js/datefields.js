// Day, time and moment. Native pickers, so that they work by keyboard and on phones; moments are in the person's zone.

import { h } from "./dom.js";
import { day, dayKey, time } from "./dates.js";
import { world } from "./world.js";

function field(type, name, part, { initial, read = (text) => text || null }) {
  const held = part.get();
  const now = held ? held[name] : (initial ?? null);
  if (!held) part.set({ [name]: now });
  const node = h("input", { ...part.aria(), type, class: "text-input date-input", value: type === "datetime-local" ? localOf(now) : now || "", dataset: { action: part.element.action_id || "" } });
  node.addEventListener("change", () => part.changed({ [name]: read(node.value) }, node));
  return node;
}

/** In a form the day is also written out: nobody should wonder which of two numbers is the month. */
export function dateField(element, part) {
  const node = field("date", "selected_date", part, { initial: element.initial_date });
  if (part.block.type !== "input") return node;
  const words = h("span", { class: "quiet small" });
  const write = () => (words.textContent = node.value ? day(new Date(`${node.value}T12:00:00Z`), "UTC") : "");
  node.addEventListener("change", write);
  write();
  return h("div", { class: "with-note" }, node, words);
}


export const timeField = (element, part) => field("time", "selected_time", part, { initial: element.initial_time });
export const dateTimeField = (element, part) => h("div", { class: "with-note" },
  field("datetime-local", "selected_date_time", part, { initial: element.initial_date_time, read: unixOf }), h("span", { class: "quiet small" }, world.zone.split("/").pop().replaceAll("_", " ")));

function localOf(unix) {
  if (!unix) return "";
  const at = new Date(unix * 1000);
  return `${dayKey(at)}T${time(at)}`;
}

/** Wall-clock time in the person's zone to seconds: guess UTC, then mend by the difference seen, twice for zone changes. */
export function unixOf(text) {
  if (!text) return null;
  const wanted = Date.parse(`${text.slice(0, 16)}:00Z`);
  let at = wanted;
  for (let turn = 0; turn < 2; turn += 1) at += wanted - Date.parse(`${localOf(at / 1000)}:00Z`);
  return Math.round(at / 1000);
}
