// What the composer offers while one types: slash commands of the app, people, channels, emoji.

import { byId, fill, h, icon } from "./dom.js";
import { avatar } from "./avatar.js";
import { EMOJI } from "./emoji.js";
import { place } from "./menu.js";
import { world } from "./world.js";

const starts = (name, words) => name.toLowerCase().startsWith(words) || name.toLowerCase().split(/[\s-]+/).some((part) => part.startsWith(words));

/** What fits the text up to the cursor: {from, items: [{insert, face, label, hint}]} or null. */
export function offers(text) {
  const command = /^\/[\w-]*$/.exec(text);
  if (command) return { from: 0, kind: "Commands", items: commands(text) };
  const hit = /(?:^|\s)([@#:])([\p{L}\p{N}_+-]*(?: [\p{L}\p{N}]*)?)$/u.exec(text);
  if (!hit) return null;
  const [, sign, words] = hit;
  const items = { "@": people, "#": channels, ":": signs }[sign](words.toLowerCase());
  return items.length ? { from: text.length - words.length - 1, kind: { "@": "People", "#": "Channels", ":": "Emoji" }[sign], items } : null;
}

const commands = (text) => world.app.commands.filter((one) => one.command.startsWith(text)).map((one) => ({ insert: `${one.command} `, face: avatar({ bot: true }, "avatar-small"), label: one.command, usage: one.usage_hint, hint: one.description }));
const EVERYONE = [["channel", "everyone in this channel"], ["here", "those who are online here"]];
const everyone = (words) => EVERYONE.filter(([name]) => words && name.startsWith(words)).map(([name, hint]) => ({ insert: `@${name} `, face: icon("people", 16), label: `@${name}`, hint }));
const people = (words) => [...persons(words), ...everyone(words)];
const persons = (words) => [...world.people.values()].filter((person) => !person.deleted && starts(person.name, words)).slice(0, 8)
  .map((person) => ({ insert: `@${person.name} `, face: avatar(person, "avatar-small"), label: person.name, hint: person.id === world.me.id ? `${person.title} (you)` : person.title }));
const channels = (words) => [...world.channels.values()].filter((channel) => channel.kind === "channel" && !channel.archived && starts(channel.name, words)).slice(0, 8)
  .map((channel) => ({ insert: `#${channel.name} `, face: icon(channel.private ? "lock" : "hash", 16), label: channel.name, hint: channel.private ? "private" : "" }));
const signs = (words) => (words.length < 2 ? [] : [...EMOJI].filter(([name]) => name.startsWith(words)).slice(0, 8).map(([name, sign]) => ({ insert: `:${name}: `, face: h("span", { class: "emoji" }, sign), label: `:${name}:` })));

/** The floating list over a composer; `choose(item, from)` puts the text in. */
export function completions(field, choose) {
  const id = `offers-${field.id}`;
  const list = h("div", { class: "offers", role: "listbox", id, "aria-label": "Suggestions" });
  let now = null;
  let at = 0;

  function draw() {
    fill(list, h("div", { class: "menu-heading" }, now.kind), now.items.map((item, index) => h("div", { class: `offer${index === at ? " picker-on" : ""}`, role: "option", id: `${id}-${index}`, "aria-selected": String(index === at), onpointerdown: (event) => { event.preventDefault(); take(index); } },
      item.face, h("span", { class: "offer-words" }, h("span", {}, h("strong", {}, item.label), item.usage && h("span", { class: "offer-usage" }, ` ${item.usage}`)), item.hint && h("span", { class: "quiet small" }, item.hint)))));
    field.setAttribute("aria-activedescendant", `${id}-${at}`);
    list.querySelector(".picker-on")?.scrollIntoView({ block: "nearest" });
  }

  function look() {
    now = offers(field.value.slice(0, field.selectionStart));
    if (!now?.items.length) return shut();
    at = 0;
    if (!list.isConnected) byId("menus").append(list);
    field.setAttribute("aria-expanded", "true");
    draw();
    return place(list, field.closest(".composer-box"), { above: true, wide: true });
  }

  function shut() {
    list.remove();
    now = null;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  }

  function take(index) {
    const { items, from } = now;
    shut();
    choose(items[index], from);
  }

  function key(event) {
    if (!now) return false;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") { at = (at + (event.key === "ArrowDown" ? 1 : -1) + now.items.length) % now.items.length; draw(); }
    else if (event.key === "Tab" || (event.key === "Enter" && !event.shiftKey && !whole())) take(at);
    else if (event.key === "Escape") shut();
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  }

  const whole = () => now.items[at].insert.trim() === field.value.slice(now.from).trim(); // what is typed in full already is sent by Enter

  field.setAttribute("role", "combobox");
  field.setAttribute("aria-controls", id);
  field.setAttribute("aria-expanded", "false");
  field.addEventListener("blur", shut);
  return { look, key, shut };
}
