// Faces: drawn initials on a calm colour that belongs to the person, and a sign for the app.

import { h } from "./dom.js";
import { world } from "./world.js";

const hue = (id) => Math.round(([...world.people.keys()].indexOf(id) + 1) * 137.5 + 60) % 360; // neighbours differ most
const initials = (name) => String(name || "?").split(/[\s._-]+/).filter(Boolean).map((word) => [...word][0]).slice(0, 2).join("").toUpperCase();

export function avatar(person, size = "") {
  if (person?.bot) return h("span", { class: `avatar avatar-app ${size}`, "aria-hidden": "true" }, appMark());
  return h("span", { class: `avatar ${size}`, style: { "--hue": hue(person?.id) }, "aria-hidden": "true" }, initials(person?.name));
}

export function appMark() {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  for (const d of ["M5 7h14", "M12 7c-4 3.500-4 6.500 0 10", "M12 7c4 3.500 4 6.500 0 10"]) {
    const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
    line.setAttribute("d", d);
    svg.append(line);
  }
  return svg;
}
