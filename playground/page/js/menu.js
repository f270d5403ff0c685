// A small menu under a button: arrows move, Enter chooses, Escape leaves.

import { byId, h } from "./dom.js";

let shut = () => {};

/** `items`: {label, hint, icon, run} or "-" for a line, or {heading}. */
export function openMenu(anchor, items, label) {
  shut();
  const menu = h("div", { class: "menu", role: "menu", "aria-label": label || "Menu" }, items.map(entry));
  const stops = () => [...menu.querySelectorAll("[role=menuitem],[role=menuitemradio]")];

  function entry(item) {
    if (item === "-") return h("div", { class: "menu-line", role: "separator" });
    if (item.heading) return h("div", { class: "menu-heading" }, item.heading);
    const checked = item.checked === undefined ? {} : { "aria-checked": String(item.checked) };
    return h("button", { type: "button", role: item.checked === undefined ? "menuitem" : "menuitemradio", ...checked, class: `menu-item${item.checked ? " menu-item-on" : ""}`, tabindex: "-1",
      onclick: () => { close(); item.run?.(); } }, item.icon, h("span", { class: "menu-words" }, h("span", {}, item.label), item.hint && h("span", { class: "quiet small" }, item.hint)));
  }

  function close() {
    menu.remove();
    anchor.setAttribute("aria-expanded", "false");
    document.removeEventListener("pointerdown", outside, true);
    shut = () => {};
    if (anchor.isConnected) anchor.focus({ preventScroll: true });
  }

  const outside = (event) => { if (!menu.contains(event.target) && !anchor.contains(event.target)) close(); };
  menu.addEventListener("keydown", (event) => {
    const all = stops();
    const at = all.indexOf(document.activeElement);
    const go = { ArrowDown: at + 1, ArrowUp: at - 1 + all.length, Home: 0, End: all.length - 1 }[event.key];
    if (go !== undefined) { event.preventDefault(); all[go % all.length].focus(); }
    if (event.key === "Escape" || event.key === "Tab") { event.preventDefault(); event.stopPropagation(); close(); }
  });
  shut = close;
  byId("menus").append(menu);
  anchor.setAttribute("aria-haspopup", "menu");
  anchor.setAttribute("aria-expanded", "true");
  document.addEventListener("pointerdown", outside, true);
  place(menu, anchor);
  stops()[0]?.focus({ preventScroll: true });
  return menu;
}

/** Puts a floating box by its anchor, inside the window. */
export function place(box, anchor, { above = false, wide = false } = {}) {
  const at = anchor.getBoundingClientRect();
  if (wide) box.style.width = `${at.width}px`;
  const { width, height } = box.getBoundingClientRect();
  const under = at.bottom + 4 + height < innerHeight && !above;
  box.style.left = `${Math.max(8, Math.min(at.left, innerWidth - width - 8))}px`;
  box.style.top = `${Math.max(8, under ? at.bottom + 4 : at.top - height - 4)}px`;
}
