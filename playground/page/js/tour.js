// "Three things to try": each is done in front of the reader by the page's own functions. The steps are data from
// the server (/page/tour.json), since the page does not know the company that lives in it.

import { byId, fill, h, icon } from "./dom.js";
import { become, toMonday } from "./header.js";
import { fieldByLabel, submitTop } from "./modal.js";
import { act, tour } from "./net.js";
import { toast } from "./toast.js";
import { world } from "./world.js";

let plan = { tries: [], after: [] };
let visit = () => {};
let running = false;
const done = new Set();

export async function startTour(go) {
  visit = go;
  plan = await tour().catch(() => plan);
  byId("tour-fold").addEventListener("click", () => fold(!byId("tour").classList.contains("folded")));
  byId("tour").addEventListener("keydown", (event) => { if (event.key === "Escape") { event.preventDefault(); leave(); } });
  byId("tour-close").addEventListener("click", leave);
  if (plan.tries?.length && !left()) showTour(matchMedia("(max-width: 800px)").matches);
}

const left = () => { try { return sessionStorage.getItem("tour") === "left"; } catch { return false; } };
const fold = (yes) => { byId("tour").classList.toggle("folded", yes); byId("tour-fold").setAttribute("aria-expanded", String(!yes)); title(); };

/** Folded to a bar, it says what comes next. */
function title() {
  const next = [...plan.tries, ...(plan.after || [])].find((one) => !done.has(one.id));
  const folded = byId("tour").classList.contains("folded") && done.size > 0;
  fill(byId("tour-title"), folded ? `Next: ${(next || plan.closing?.[0])?.title || "that was it"}` : plan.title || "Three things to try");
}

export function showTour(folded = false) {
  try { sessionStorage.removeItem("tour"); } catch { /* fine */ }
  if (!plan.tries?.length) { toast("There is nothing prepared to try in this workspace."); return; }
  byId("tour").hidden = false;
  document.body.classList.add("with-tour");
  fold(folded);
  draw();
}

function leave() {
  byId("tour").hidden = true;
  document.body.classList.remove("with-tour");
  try { sessionStorage.setItem("tour", "left"); } catch { /* fine */ }
  byId("help").focus();
}

function draw() {
  const next = plan.tries.every((one) => done.has(one.id)) ? (plan.after || []).filter((one, at, all) => all.slice(0, at).every((other) => done.has(other.id))) : [];
  title();
  fill(byId("tour-list"), plan.note && h("p", { class: "quiet small" }, plan.note), plan.why?.length > 0 && h("details", { class: "tour-why" }, h("summary", {}, "Why"), h("ul", {}, plan.why.map((line) => h("li", {}, line)))), h("ol", { class: "tries" }, plan.tries.map((one, at) => card(one, at + 1))), next.map((one) => card(one, null)), plan.closing?.length > 0 && next.every((one) => done.has(one.id)) && done.size >= plan.tries.length && closing());
}

const closing = () => h("div", { class: "tour-closing" }, plan.closing.map((one) => (one.steps ? card(one, null) : h("div", { class: "try-words" }, h("strong", {}, one.title), h("span", { class: "quiet small" }, one.says)))));

const card = (one, number) => h(number ? "li" : "div", { class: `try${done.has(one.id) ? " try-done" : ""}` }, h("button", { type: "button", class: "try-button", disabled: running, dataset: { try: one.id }, onclick: () => run(one) },
  h("span", { class: "try-number", "aria-hidden": "true" }, done.has(one.id) ? icon("check", 14) : number || icon("play", 12)), h("span", { class: "try-words" }, h("strong", {}, one.title), one.says && !done.has(one.id) && h("span", { class: "quiet small" }, one.says), done.has(one.id) && h("span", { class: "hidden" }, " (done)"))));

async function run(one) {
  if (running) return;
  running = true;
  document.body.classList.add("touring");
  if (matchMedia("(max-width: 800px)").matches) fold(true);
  draw();
  try {
    for (const step of one.steps) await STEPS[step.do](step);
    done.add(one.id);
  } catch (error) {
    toast(error.sentence || "That step did not work here. You can do it by hand.");
  } finally {
    running = false;
    document.body.classList.remove("touring");
    draw();
  }
}

const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches || plan.quick;
const pause = (millis) => new Promise((go) => setTimeout(go, calm() ? Math.min(millis, 40) : millis));
const stop = (sentence) => { throw Object.assign(new Error(sentence), { sentence }); };

async function until(look, sentence, limit = 20000) {
  for (const end = performance.now() + limit; performance.now() < end; await new Promise((go) => setTimeout(go, 50))) {
    const got = look();
    if (got) return got;
  }
  return stop(sentence);
}

const says = (node, words) => node.textContent.toLowerCase().includes(words.toLowerCase());
const place = (name) => (name === "home" ? "home" : [...world.channels.values()].find((one) => one.id === name || one.name === String(name).replace(/^#/, ""))?.id) || stop(`There is no ${name} here.`);
const field = () => document.querySelector("#composer textarea");
const messages = () => [...byId("messages").querySelectorAll(".message")].reverse();

async function point(node) {
  node.scrollIntoView({ block: "nearest", behavior: calm() ? "auto" : "smooth" });
  node.classList.add("pointed");
  await pause(450);
  node.classList.remove("pointed");
}

async function typed(node, text) {
  node.focus({ preventScroll: true });
  node.value = "";
  for (const letter of text) {
    node.value += letter;
    node.dispatchEvent(new Event("input", { bubbles: true }));
    await pause(Math.max(12, Math.min(45, 900 / text.length)));
  }
}

const press = (node, key) => node.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
const clickable = (root, words) => [...root.querySelectorAll("button,a.button")].reverse().find((one) => !one.disabled && (one.textContent.trim() === words || one.getAttribute("aria-label") === words || (one.classList.contains("button") && says(one, words))));

const STEPS = {
  open: async ({ channel }) => { await visit(place(channel)); await pause(350); },
  person: async ({ id }) => { await become(id); await pause(500); },
  type: async ({ text }) => { await typed(field(), text); await pause(350); },
  look: async ({ message }) => { const row = await until(() => messages().find((one) => says(one, message)), `No message with “${message}” is here.`); row.scrollIntoView({ block: "start", behavior: calm() ? "auto" : "smooth" }); await pause(600); },
  enter: async () => { press(field(), "Escape"); press(field(), "Enter"); await pause(300); },
  wait: async ({ text, millis }) => { if (text) await until(() => says(byId("app"), text) || says(byId("dialogs"), text), `“${text}” did not appear.`); else await pause(millis || 500); },
  menu: async ({ message, item }) => {
    const row = await until(() => messages().find((one) => says(one, message) && one.querySelector(".tool-more")), `No message with “${message}” is here.`);
    const more = row.querySelector(".tool-more");
    row.classList.add("showing-tools");
    await point(row);
    more.click();
    await pause(500);
    const choice = await until(() => [...byId("menus").querySelectorAll("[role=menuitem]")].find((one) => says(one, item)), `The menu has no “${item}”.`);
    await point(choice);
    choice.click();
    row.classList.remove("showing-tools");
  },
  press: async ({ label, message }) => {
    const node = await until(() => {
      if (byId("dialogs").firstChild) return clickable(byId("dialogs"), label);
      if (world.place === "home") return clickable(byId("home"), label);
      return messages().filter((one) => !message || says(one, message)).map((one) => clickable(one, label)).find(Boolean);
    }, `There is no button “${label}” here.`);
    await point(node);
    node.click();
    await pause(300);
  },
  fill: async ({ label, value }) => {
    const node = await until(() => fieldByLabel(label), `The form has no field “${label}”.`);
    await point(node);
    if (node.getAttribute("role") === "combobox") return choose(node, value);
    if (/^(date|time|datetime-local)$/.test(node.type)) { node.value = value; node.dispatchEvent(new Event("change", { bubbles: true })); } else await typed(node, value);
    return pause(400);
  },
  tick: async ({ label }) => { const box = await until(() => [...byId("dialogs").querySelectorAll("label")].find((one) => says(one, label)), `The form has no “${label}”.`); await point(box); box.click(); await pause(400); },
  submit: async () => { await pause(300); submitTop(); await pause(400); },
  close: async () => { press(byId("dialogs").lastChild || document.body, "Escape"); await pause(200); },
  clock: async ({ to, seconds }) => { await (to === "monday" || to === "monday 09:00" ? toMonday() : act("clock", { seconds, to })); await pause(500); },
  home: async () => { await visit("home"); await pause(400); },
  thread: async ({ message }) => { const row = await until(() => messages().find((one) => says(one, message) && one.querySelector(".thread-link")), `No thread under “${message}” yet.`); await point(row); row.querySelector(".thread-link").click(); },
  say: async ({ text }) => { toast(text); await pause(600); },
};

async function choose(node, value) {
  node.click();
  await typed(node, value);
  const option = await until(() => [...byId("menus").querySelectorAll("[role=option]")].find((one) => says(one, value)), `“${value}” is not offered.`);
  option.dispatchEvent(new PointerEvent("pointerdown", { bubbles: true, cancelable: true }));
  node.blur();
}
