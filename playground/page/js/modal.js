// The open forms of the person: the top of the stack is shown, with its errors, its loading state and what was typed.

import { byId, fill, h, icon } from "./dom.js";
import { blocks } from "./blocks.js";
import { plainParts } from "./mrkdwn.js";
import { openDialog } from "./dialog.js";
import { act } from "./net.js";
import { forget, prune, surface } from "./surface.js";
import { on, world } from "./world.js";

let shown = null; // {id, hash, close, box, errors}

export function startModals() {
  on("views", draw);
}

const top = () => world.views.at(-1) || null;

function draw() {
  const view = top();
  if (!view) return drop();
  if (shown?.id !== view.id) { drop(); return open(view); }
  if (shown.hash !== view.hash || JSON.stringify(view.errors || {}) !== shown.known) redraw(view);
  return undefined;
}

function drop() {
  const old = shown;
  shown = null;
  old?.close();
  if (old && !world.views.some((view) => view.id === old.id)) forget(old.id);
}

function open(view) {
  shown = { id: view.id, hash: view.hash, errors: view.errors || {}, known: JSON.stringify(view.errors || {}) };
  const body = h("div", { class: "modal-blocks" });
  const foot = h("div", { class: "modal-foot" });
  shown.close = openDialog({ title: title(view), body, foot, as: "form", className: "modal", cancel: () => leave(), done: () => {} });
  Object.assign(shown, { body, foot, box: shown.close.box });
  shown.box.addEventListener("submit", (event) => { event.preventDefault(); submit(); });
  put(view);
  first()?.focus({ preventScroll: true });
}

const title = (view) => h("span", { class: "modal-title" }, world.views.length > 1 && h("span", { class: "quiet small" }, `Step ${world.views.length} · `), plainParts(view.title));
const first = () => shown.box.querySelector("[data-autofocus=yes]") || shown.body.querySelector("input,textarea,select") || shown.body.querySelector("button") || shown.foot.querySelector("button[type=submit]");

function put(view) {
  prune(view.id, view.blocks);
  shown.surface = surface({ view_id: view.id }, { errors: shown.errors });
  fill(shown.body, blocks(view.blocks, shown.surface));
  const cancel = h("button", { type: "button", class: "button", onclick: () => leave() }, view.close ? plainParts(view.close) : view.submit ? "Cancel" : "Close");
  fill(shown.foot, world.views.length > 1 ? h("button", { type: "button", class: "button", onclick: () => leave() }, icon("back", 14), " Back") : cancel,
    view.submit && h("button", { type: "submit", class: "button button-primary" }, plainParts(view.submit)));
  fill(shown.box.querySelector(".dialog-title"), title(view));
}

/** Draws the new version in place: the field in use keeps focus and cursor. */
function redraw(view) {
  const busy = document.activeElement;
  const spot = busy && shown.body.contains(busy) ? { block: busy.closest("[data-block]")?.dataset.block, action: busy.dataset.action, start: busy.selectionStart, end: busy.selectionEnd } : null;
  const scroll = shown.box.querySelector(".dialog-body").scrollTop;
  if (view.hash !== shown.hash) shown.errors = {};
  shown.errors = view.errors && Object.keys(view.errors).length ? view.errors : shown.errors;
  Object.assign(shown, { hash: view.hash, known: JSON.stringify(view.errors || {}) });
  put(view);
  shown.box.querySelector(".dialog-body").scrollTop = scroll;
  stay(shown);
  if (!spot) return;
  const again = [...shown.body.querySelectorAll("[data-action]")].find((node) => node.dataset.action === spot.action && node.closest("[data-block]")?.dataset.block === spot.block);
  again?.focus({ preventScroll: true });
  if (again && spot.start !== null && spot.start !== undefined) try { again.setSelectionRange(spot.start, spot.end); } catch { /* dates and numbers have no cursor */ }
}

async function submit() {
  const view = top();
  if (!view || shown.box.classList.contains("waiting")) return;
  const mine = shown;
  const button = mine.foot.querySelector("button[type=submit]");
  wait(mine, true);
  if (button) button.textContent = "Working…";
  const reply = await act("submit", { view_id: view.id, state: mine.surface.state() });
  wait(mine, false);
  if (shown !== mine) return;
  mine.errors = reply.errors || {};
  put(top() || view);
  stay(mine);
  if (!Object.keys(mine.errors).length) return;
  const wrong = mine.body.querySelector(".input-wrong :is(input,textarea)") || mine.body.querySelector(".input-wrong");
  wrong?.focus();
  wrong?.scrollIntoView({ block: "center" });
}

/** What had the focus may be gone: then the form itself has it, so that Escape and Tab still work. */
const stay = ({ box }) => box.contains(document.activeElement) || box.focus({ preventScroll: true });

const wait = (mine, yes) => {
  mine.box.classList.toggle("waiting", yes);
  mine.box.setAttribute("aria-busy", String(yes));
  mine.body.inert = yes;
};

async function leave() {
  const view = top();
  if (view) await act("close", { view_id: view.id });
}

/** For the tour: fills the field with this label, as a person would. */
export function fieldByLabel(words) {
  const label = [...byId("dialogs").querySelectorAll("label,legend")].find((one) => one.textContent.toLowerCase().includes(words.toLowerCase()));
  if (!label) return null;
  return byId("dialogs").querySelector(`#${CSS.escape(label.getAttribute("for") || label.id.replace(/-label$/, ""))}`);
}
export const submitTop = () => shown?.box.requestSubmit();
