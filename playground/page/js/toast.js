// One sentence at the foot of the page, read out by screen readers, gone after a while.

import { byId, h } from "./dom.js";

export function toast(sentence) {
  const note = h("div", { class: "toast" }, h("span", {}, sentence), h("button", { type: "button", class: "toast-close", "aria-label": "Dismiss", onclick: () => note.remove() }, "×"));
  byId("toasts").append(note);
  setTimeout(() => note.remove(), 7000 + sentence.length * 40);
}
