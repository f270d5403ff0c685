// A dialog over the page: labelled, with the focus inside until it closes, and back where it was afterwards.

import { byId, h, icon } from "./dom.js";

const CAN = "a[href],button:not([disabled]),input:not([disabled]),select:not([disabled]),textarea:not([disabled]),[tabindex='0']";
const open = [];
let counter = 0;

/** Opens and returns a function that closes it with a result; `done(result)` hears it, undefined when left by Escape. */
export function openDialog({ title, body, foot, small = false, focus, done = () => {}, as = "div", className = "", cancel }) {
  const id = `dialog-${++counter}`;
  const before = document.activeElement;
  const leave = () => (cancel ? cancel() : close());
  const head = h("div", { class: "dialog-head" }, h("h2", { id, class: "dialog-title" }, title), h("button", { type: "button", class: "button-quiet", "aria-label": "Close", onclick: leave }, icon("close")));
  const box = h(as, { class: `dialog ${small ? "dialog-small" : ""} ${className}`, role: "dialog", "aria-modal": "true", "aria-labelledby": id, tabindex: "-1", novalidate: as === "form" || null },
    head, h("div", { class: "dialog-body" }, body), foot && h("div", { class: "dialog-foot" }, foot));
  const veil = h("div", { class: "veil", onkeydown: (event) => keys(event, box, leave) }, box);
  const entry = { veil };

  function close(result) {
    if (!open.includes(entry)) return;
    open.splice(open.indexOf(entry), 1);
    veil.remove();
    shade();
    if (before?.isConnected) before.focus({ preventScroll: true });
    done(result);
  }

  open.push(entry);
  byId("dialogs").append(veil);
  shade();
  (focus || box.querySelector(`.dialog-body :is(${CAN})`) || box).focus({ preventScroll: true });
  close.box = box;
  return close;
}

const shade = () => {
  byId("app").inert = open.length > 0;
  open.forEach(({ veil }, at) => (veil.inert = at < open.length - 1));
};

function keys(event, box, leave) {
  if (event.key === "Escape" && !event.defaultPrevented) { event.stopPropagation(); event.preventDefault(); leave(); return; }
  if (event.key !== "Tab") return;
  const stops = [...box.querySelectorAll(CAN)].filter((node) => node.offsetParent !== null);
  if (!stops.length) return;
  const [first, last] = [stops[0], stops.at(-1)];
  if (event.shiftKey && (document.activeElement === first || document.activeElement === box)) { event.preventDefault(); last.focus(); }
  else if (!event.shiftKey && document.activeElement === last) { event.preventDefault(); first.focus(); }
}
