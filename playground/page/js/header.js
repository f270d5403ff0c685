// The thin line on top: where one is, who one is, what time it is, and the few switches.

import { byId, fill, h, icon } from "./dom.js";
import { avatar } from "./avatar.js";
import { dayKey, day, moment, time } from "./dates.js";
import { openDialog } from "./dialog.js";
import { openMenu } from "./menu.js";
import { act, enter } from "./net.js";
import { on, tell, world } from "./world.js";

export function startHeader(help) {
  on("shell", who);
  on("clock", clock);
  setInterval(clock, 5000);
  byId("switch-person").addEventListener("click", () => openMenu(byId("switch-person"), people(), "Act as"));
  byId("clock").addEventListener("click", () => openMenu(byId("clock"), jumps(), "Move the clock"));
  byId("theme").addEventListener("click", turnTheme);
  byId("developer").addEventListener("click", () => developer(!world.developer));
  byId("help").addEventListener("click", help);
  byId("open-places").addEventListener("click", () => document.body.classList.toggle("with-places"));
  byId("shade").addEventListener("click", () => document.body.classList.remove("with-places"));
  theme(kept("theme"));
  developer(kept("developer") === "yes");
}

const kept = (name) => { try { return localStorage.getItem(name); } catch { return null; } };
const keep = (name, value) => { try { localStorage.setItem(name, value); } catch { /* not kept, still works */ } };

function who() {
  const me = world.me;
  fill(byId("who"), "You are the ", h("strong", {}, me.title || me.name), ".");
  fill(byId("switch-face"), avatar(me, "avatar-small"));
  document.title = `${world.app.name}: ${me.name}`;
}

/** The other person lands in the same place, if it is theirs too. */
export const become = (id) => enter(id, world.place === "home" || world.channel(world.place)?.members.includes(id) ? world.place : null);

const people = () => [{ heading: "Act as" }, ...[...world.people.values()].filter((person) => !person.bot && !person.deleted).map((person) => ({
  icon: avatar(person, "avatar-small"), label: person.name, hint: [person.title, person.guest && "guest", person.outside && "outside the company"].filter(Boolean).join(" · "), checked: person.id === world.me.id, run: () => become(person.id) }))];

function clock() {
  if (!world.me) return;
  fill(byId("clock-words"), h("span", { class: "clock-day" }, `${day(world.now()).replace(/ \d{4}$/, "")}, `), time(world.now()));
  byId("clock").setAttribute("aria-label", `The workspace's clock: ${moment(world.now())}. Move it forward`);
}

const ahead = (body) => act("clock", body);

const jumps = () => [{ heading: moment(world.now()) }, { label: "One hour later", run: () => ahead({ seconds: 3600 }) }, { label: "One day later", run: () => ahead({ seconds: 86400 }) },
  { label: "Next Monday, 09:00", hint: "when the weekly digest is due", run: toMonday }, "-", { label: "Choose a day and time…", run: choose }];

export const toMonday = () => ahead({ to: "monday 09:00" });

function choose() {
  const field = h("input", { type: "datetime-local", class: "text-input", id: "clock-field", value: `${dayKey(world.now())}T${time(world.now())}`, min: `${dayKey(world.now())}T${time(world.now())}` });
  const close = openDialog({ title: "Move the clock", small: true, focus: field, body: h("div", { class: "input" }, h("label", { for: "clock-field" }, `Day and time (${world.zone.split("/").pop().replaceAll("_", " ")})`), field, h("div", { class: "input-hint" }, "The clock only moves forward. What falls due on the way happens.")),
    foot: [h("button", { type: "button", class: "button", onclick: () => close() }, "Cancel"), h("button", { type: "button", class: "button button-primary", onclick: async () => { const reply = await ahead({ local: field.value }); if (reply.ok) close(); } }, "Move")] });
}

function theme(name) {
  if (name) document.documentElement.dataset.theme = name;
  const dark = document.documentElement.dataset.theme ? document.documentElement.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  fill(byId("theme"), icon(dark ? "sun" : "moon"));
  byId("theme").setAttribute("aria-label", dark ? "Use the light theme" : "Use the dark theme");
  return dark;
}

function turnTheme() {
  const next = theme() ? "light" : "dark";
  keep("theme", next);
  theme(next);
}

function developer(yes) {
  world.developer = yes;
  keep("developer", yes ? "yes" : "no");
  byId("developer").setAttribute("aria-checked", String(yes));
  document.body.classList.toggle("with-developer", yes);
  byId("inspector").hidden = !yes;
  tell("developer");
}
