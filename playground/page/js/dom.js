// Builds DOM nodes. Everything that a person or an app wrote goes through here as text, never as markup.

export function h(tag, props = {}, ...kids) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props || {})) put(node, name, value);
  node.append(...flat(kids));
  return node;
}

function put(node, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name === "class") node.className = value;
  else if (name === "dataset") Object.assign(node.dataset, value);
  else if (name === "style") for (const [key, word] of Object.entries(value)) node.style.setProperty(key, word);
  else if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
  else if (["value", "checked", "selected", "disabled", "hidden", "inert"].includes(name)) node[name] = value;
  else node.setAttribute(name, value === true ? "" : value);
}

const flat = (kids) => kids.flat(Infinity).filter((kid) => kid !== null && kid !== undefined && kid !== false);

export const fill = (node, ...kids) => (node.replaceChildren(...flat(kids)), node);

export const byId = (id) => document.getElementById(id);

const OPEN = /^(https?:|mailto:)/i;

/** The address if it may be followed (http, https, mailto), else null: `javascript:` and friends stay inert. */
export function safeHref(address) {
  const plain = String(address ?? "").replace(/[\u0000-\u0020]/g, "");
  return OPEN.test(plain) ? plain : null;
}

export function link(address, ...kids) {
  const href = safeHref(address);
  if (!href) return h("span", { class: "link-inert", title: "This link is not opened" }, kids);
  return h("a", { href, target: "_blank", rel: "noopener noreferrer", class: "link" }, kids);
}

/** Pictures of this workspace are drawn. Others are not fetched, for nothing leaves this machine: they show their description. */
export function picture(address, alt, className) {
  const label = h("span", { class: "picture-missing", title: "Pictures from elsewhere are not fetched here" }, alt || "picture");
  const near = String(address || "").replace(/^http:\/\/(127\.0\.0\.1|localhost|\[::1\])(:\d+)?\/files-pri\//, "/files-pri/");
  if (!/^\/(?!\/)|^data:image\/(png|jpeg|gif|webp);base64,/.test(near)) return label;
  const node = h("img", { src: near, alt: alt || "", class: className, loading: "lazy", referrerpolicy: "no-referrer" });
  node.addEventListener("error", () => node.replaceWith(label));
  return node;
}

const SHAPES = {
  plus: "M12 5v14M5 12h14", close: "M6 6l12 12M18 6L6 18", more: "M5 12h.01M12 12h.01M19 12h.01", lock: "M7 11V8a5 5 0 0110 0v3M6 11h12v9H6z",
  hash: "M9 4L7 20M17 4l-2 16M5 9h15M4 15h15", reply: "M4 5h16v11H10l-5 4v-4H4z", down: "M6 9l6 6 6-6", clock: "M12 7v5l3 2M12 3a9 9 0 100 18 9 9 0 000-18z",
  sun: "M12 8a4 4 0 100 8 4 4 0 000-8zM12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.4 1.4M17.6 17.6L19 19M19 5l-1.4 1.4M6.4 17.6L5 19", moon: "M20 14A8 8 0 0110 4a8 8 0 1010 10z",
  menu: "M4 7h16M4 12h16M4 17h16", send: "M4 12l16-8-6 16-3-6z", smile: "M12 3a9 9 0 100 18 9 9 0 000-18zM9 10h.01M15 10h.01M8.5 14.5a4.5 4.5 0 007 0",
  up: "M7 11l5-5 5 5M12 6v13", thumb: "M7 11v9H4v-9zM7 11l4-8c1.700 2.500 2 .9 2 2.500V9h6l-2 11H7", code: "M8 7l-5 5 5 5M16 7l5 5-5 5", file: "M6 3h8l4 4v14H6zM14 3v4h4",
  trash: "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13", copy: "M9 9h11v11H9zM15 9V4H4v11h5", help: "M9.500 9a2.500 2.500 0 113.500 2.300c-.8.4-1 .9-1 1.700M12 17h.01M12 3a9 9 0 100 18 9 9 0 000-18z", play: "M8 5l11 7-11 7z",
  people: "M9 11a3.500 3.500 0 100-7 3.500 3.500 0 000 7zM2.500 20a6.500 6.500 0 0113 0M16 4.500a3.500 3.500 0 010 6.500M17.500 14a6.500 6.500 0 014 6", back: "M15 6l-6 6 6 6", check: "M5 12l5 5 9-10",
};

/** A small drawn sign; always next to words or under an aria-label, so it is hidden from screen readers. */
export function icon(name, size = 18) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
  for (const [key, value] of Object.entries({ viewBox: "0 0 24 24", width: size, height: size, class: "icon", "aria-hidden": "true" })) svg.setAttribute(key, value);
  line.setAttribute("d", SHAPES[name] || SHAPES.more);
  svg.append(line);
  return svg;
}
