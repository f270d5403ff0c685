// Every kind of select, single and multi: a box that filters as one types, its list under it, chips for many.

import { byId, fill, h, icon } from "./dom.js";
import { plainParts } from "./mrkdwn.js";
import { place } from "./menu.js";
import { world } from "./world.js";

const plain = (text) => ({ type: "plain_text", text });
const asOption = (id, name, more) => ({ value: id, text: plain(name), ...(more ? { description: plain(more) } : {}) });

const SOURCES = {
  users: { one: "selected_user", many: "selected_users", start: "initial_user", list: () => [...world.people.values()].filter((person) => !person.deleted && !person.bot).map((person) => asOption(person.id, person.name, person.title)) },
  channels: { one: "selected_channel", many: "selected_channels", start: "initial_channel", list: () => rooms((channel) => channel.kind === "channel" && !channel.private) },
  conversations: { one: "selected_conversation", many: "selected_conversations", start: "initial_conversation", list: (element) => rooms(allowed(element)) },
  static: { one: "selected_option", many: "selected_options", start: "initial_option", whole: true, list: (element) => element.options || (element.option_groups || []).flatMap((group) => group.options.map((option) => ({ ...option, group: group.label?.text }))) },
  external: { one: "selected_option", many: "selected_options", start: "initial_option", whole: true, remote: true },
};

const rooms = (fits) => [...world.channels.values()].filter((channel) => !channel.archived && fits(channel)).map((channel) => asOption(channel.id, channel.kind === "channel" ? `#${channel.name}` : channel.name));

function allowed({ filter = {} }) {
  const kinds = filter.include || ["public", "private", "im", "mpim"];
  return (channel) => kinds.includes(channel.kind === "channel" ? (channel.private ? "private" : "public") : channel.kind) && !(filter.exclude_external_shared_channels && channel.shared);
}

/** Those whose name fits come before those whose description does. */
function fitting(options, words) {
  const has = (text) => (text?.text || "").toLowerCase().includes(words);
  return [...options.filter((option) => has(option.text)), ...options.filter((option) => !has(option.text) && has(option.description))];
}

export function picker(element, part) {
  const multi = element.type.startsWith("multi_");
  const source = SOURCES[element.type.replace(/^multi_/, "").replace(/_select$/, "")] || SOURCES.static;
  const field = multi ? source.many : source.one;
  let chosen = begin(element, part, source, multi);
  let shown = [];
  let at = -1;
  let timer;
  let asked = 0;
  const clean = ({ group, ...option }) => option;
  const outer = (option) => (source.whole ? clean(option) : option.value);
  const value = () => ({ [field]: multi ? chosen.map(outer) : chosen[0] ? outer(chosen[0]) : null });
  if (!part.get()) part.set(value());

  const list = h("div", { class: "picker-list", role: "listbox", id: `${part.id}-list`, "aria-label": part.label, "aria-multiselectable": multi || null });
  const box = h("input", { ...part.aria(), type: "text", class: "picker-input", role: "combobox", autocomplete: "off", "aria-expanded": "false", "aria-controls": `${part.id}-list`, "aria-autocomplete": "list", dataset: { action: element.action_id || "" } });
  const chips = h("span", { class: "picker-chips" });
  const node = h("div", { class: `picker${multi ? " picker-multi" : ""}` }, chips, box, h("span", { class: "picker-arrow" }, icon("down", 14)));

  function face() {
    fill(chips, multi && chosen.map((option) => h("span", { class: "chip" }, h("span", {}, plainParts(option.text)), h("button", { type: "button", "aria-label": `Remove ${option.text.text}`, onclick: () => choose(option) }, icon("close", 12)))));
    box.value = multi ? "" : (chosen[0]?.text.text ?? "");
    box.placeholder = multi && chosen.length ? "" : element.placeholder?.text || (source.remote ? "Type to search" : "Choose");
  }

  async function find(words) {
    const turn = ++asked;
    if (!source.remote) return draw(fitting(source.list(element), words.toLowerCase()));
    if (words.length < (element.min_query_length ?? 3)) return draw([], `Type at least ${element.min_query_length ?? 3} characters`);
    draw([], "Searching…");
    const reply = await part.surface.options(part.block.block_id, element.action_id, words);
    if (turn !== asked || !list.isConnected) return undefined;
    return draw(reply.options || [], reply.ok ? "Nothing found" : reply.sentence || "No answer");
  }

  function draw(options, empty = "Nothing found") {
    shown = options.slice(0, 100);
    at = shown.findIndex((option) => option.value === chosen[0]?.value);
    let group;
    fill(list, shown.flatMap((option, index) => [option.group && option.group !== group && h("div", { class: "menu-heading" }, (group = option.group)), row(option, index)]), !shown.length && h("div", { class: "picker-empty", role: "status" }, empty));
    mark(Math.max(at, shown.length ? 0 : -1));
    place(list, node, { wide: true });
  }

  const row = (option, index) => h("div", { class: "picker-option", role: "option", id: `${part.id}-o${index}`, "aria-selected": String(chosen.some((one) => one.value === option.value)),
    onpointerdown: (event) => { event.preventDefault(); choose(option); } }, h("span", {}, plainParts(option.text)), option.description && h("span", { class: "quiet small" }, plainParts(option.description)));

  function mark(index) {
    at = index;
    [...list.querySelectorAll("[role=option]")].forEach((one, place_) => one.classList.toggle("picker-on", place_ === index));
    if (index >= 0) box.setAttribute("aria-activedescendant", `${part.id}-o${index}`); else box.removeAttribute("aria-activedescendant");
    list.querySelector(".picker-on")?.scrollIntoView({ block: "nearest" });
  }

  function choose(option) {
    const has = chosen.some((one) => one.value === option.value);
    const most = element.max_selected_items || 100;
    if (multi) chosen = has ? chosen.filter((one) => one.value !== option.value) : [...chosen, option].slice(0, most);
    else chosen = [option];
    shut(); // also with many to choose: an open list would hide the form's buttons
    part.changed(value(), node);
  }

  function show(words = "") {
    if (!list.isConnected) byId("menus").append(list);
    box.setAttribute("aria-expanded", "true");
    find(words);
  }

  function shut() {
    clearTimeout(timer);
    list.remove();
    asked += 1;
    box.setAttribute("aria-expanded", "false");
    face();
  }

  box.addEventListener("focus", () => box.select());
  box.addEventListener("click", () => show());
  box.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(() => show(box.value), source.remote ? 180 : 0); });
  box.addEventListener("blur", shut);
  box.addEventListener("keydown", (event) => {
    const isOpen = list.isConnected;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") { event.preventDefault(); if (!isOpen) show(); else if (shown.length) mark((at + (event.key === "ArrowDown" ? 1 : -1) + shown.length) % shown.length); }
    else if (event.key === "Enter") { event.preventDefault(); if (isOpen && shown[at]) choose(shown[at]); else show(); }
    else if (event.key === "Escape" && isOpen) { event.preventDefault(); event.stopPropagation(); shut(); }
    else if (event.key === "Backspace" && multi && !box.value && chosen.length) choose(chosen.at(-1));
    else if (event.key === "Delete" && !multi && chosen.length && part.block.optional) { event.preventDefault(); chosen = []; shut(); part.changed(value(), node); }
  });
  face();
  return node;
}

function begin(element, part, source, multi) {
  const held = part.get();
  const here = element.default_to_current_conversation && world.place !== "home" ? world.place : undefined;
  const raw = held ? held[multi ? source.many : source.one] : (element[multi ? `${source.start}s` : source.start] ?? (multi && here ? [here] : here));
  const list = (multi ? raw : [raw]) || [];
  const known = source.whole ? null : source.list(element);
  return list.filter(Boolean).map((one) => (source.whole ? one : known.find((option) => option.value === one) || asOption(one, world.person(one)?.name || world.channel(one)?.name || one)));
}
