// Slack's mrkdwn, drawn as DOM. Text nodes only: whatever a person typed can never become an element.

import { h, link } from "./dom.js";
import { emoji } from "./emoji.js";
import { dateToken } from "./dates.js";
import { world } from "./world.js";

const ENTITY = { "&lt;": "<", "&gt;": ">", "&amp;": "&" };
export const decode = (text) => text.replace(/&(?:lt|gt|amp);/g, (whole) => ENTITY[whole]);
export const encode = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");

const SPAN = [
  /`([^`\n]+)`/u, // code
  /<([^<>\n]{1,4000})>/u, // mention, link, date
  /:([a-z0-9_+-]{1,60}(?:::skin-tone-\d)?):/u,
  /(?<![\p{L}\p{N}*])\*(?=\S)([^*\n]{0,3000}?[^\s*])\*(?![\p{L}\p{N}*])/u,
  /(?<![\p{L}\p{N}_])_(?=\S)([^_\n]{0,3000}?[^\s_])_(?![\p{L}\p{N}_])/u,
  /(?<![\p{L}\p{N}~])~(?=\S)([^~\n]{0,3000}?[^\s~])~(?![\p{L}\p{N}~])/u,
  /\b(https?:\/\/[^\s<>"|]{1,2000}[^\s<>"|.,;:!?)\]'])/u,
];
const ANY = new RegExp(SPAN.map((span) => span.source).join("|"), "gu");

function spans(text, { verbatim } = {}) {
  const out = [];
  let end = 0;
  for (const hit of text.matchAll(ANY)) {
    out.push(decode(text.slice(end, hit.index)), drawn(hit, verbatim));
    end = hit.index + hit[0].length;
  }
  out.push(decode(text.slice(end)));
  return out;
}

function drawn(hit, verbatim) {
  const [whole, code, angle, name, bold, italic, strike, url] = hit;
  if (code !== undefined) return h("code", {}, decode(code));
  if (angle !== undefined) return angled(angle, whole);
  if (name !== undefined) return emojiNode(name, whole);
  if (bold !== undefined) return h("strong", {}, spans(bold, { verbatim }));
  if (italic !== undefined) return h("em", {}, spans(italic, { verbatim }));
  if (strike !== undefined) return h("s", {}, spans(strike, { verbatim }));
  return verbatim ? decode(url) : link(decode(url), decode(url));
}

export function emojiNode(name, whole = `:${name}:`) {
  const sign = emoji(name);
  return sign ? h("span", { class: "emoji", role: "img", "aria-label": name.replaceAll("_", " "), title: `:${name}:` }, sign) : whole;
}

function angled(inside, whole) {
  const [target, ...rest] = inside.split("|");
  const label = rest.join("|");
  if (/^@[UWB]/.test(target)) return personNode(target.slice(1), label);
  if (/^#[CGD]/.test(target)) return channelNode(target.slice(1), label);
  if (target.startsWith("!date^")) return dateNode(target, label);
  if (target.startsWith("!subteam^")) return h("span", { class: "mention" }, decode(label || `@${world.group(target.slice(9))}`));
  if (/^!(channel|here|everyone)$/.test(target)) return h("span", { class: "mention mention-all" }, `@${target.slice(1)}`);
  if (/^[a-z][a-z0-9+.-]*:/i.test(target)) return link(decode(target), label ? spans(label) : decode(target).replace(/^mailto:/, ""));
  return decode(whole);
}

export function personNode(id, label = "") {
  const me = id === world.me?.id;
  return h("span", { class: me ? "mention mention-me" : "mention", title: world.person(id)?.title }, `@${world.person(id)?.name || decode(label) || id}`);
}

export function channelNode(id, label = "") {
  const channel = world.channel(id);
  const name = channel?.name || decode(label);
  if (!channel) return h("span", { class: "mention" }, name ? `#${name}` : "a private channel");
  return h("button", { class: "mention mention-channel", type: "button", dataset: { channel: id } }, `#${name}`);
}

function dateNode(target, fallback) {
  const [, unix, pattern, address] = target.split("^");
  const words = dateToken(unix, pattern || "") ?? decode(fallback);
  const node = h("time", { title: decode(fallback) }, decode(words));
  return address ? link(decode(address), node) : node;
}

/** A mrkdwn text object or message text: code fences, quotes and bullet lines, then spans. */
export function mrkdwn(text, options = {}) {
  const whole = String(text ?? "");
  const node = h("div", { class: "mrkdwn" });
  whole.split(/```/).forEach((piece, at, all) => {
    const fenced = at % 2 === 1 && at < all.length - 1;
    if (fenced) node.append(h("pre", {}, h("code", {}, decode(piece.replace(/^\n|\n$/g, "")))));
    else node.append(...lines(at % 2 === 1 ? "```" + piece : piece, options));
  });
  return node;
}

function lines(text, options) {
  const out = [];
  let quote = null;
  for (const line of text.replace(/^\n|\n$/g, "").split("\n")) {
    const quoted = /^(?:&gt;|>)(?:&gt;&gt;|>>)?\s?(.*)$/u.exec(line);
    if (quoted) {
      if (!quote) out.push((quote = h("blockquote")));
      quote.append(h("div", { class: "line" }, spans(quoted[1], options)));
      continue;
    }
    quote = null;
    const bullet = /^(\s*)([•◦▪]|\d{1,3}\.)\s+(.*)$/u.exec(line);
    if (bullet) out.push(h("div", { class: "line bullet" }, h("span", { class: "bullet-sign" }, bullet[2]), h("span", {}, spans(bullet[3], options))));
    else out.push(h("div", { class: line.trim() ? "line" : "line line-empty" }, spans(line, options)));
  }
  return out;
}

/** A text object of either kind; plain text keeps its line breaks and draws emoji names only when asked. */
export function textNode(text, className = "") {
  if (!text) return null;
  if (typeof text === "string") return h("div", { class: `plain ${className}` }, text);
  if (text.type === "mrkdwn") { const node = mrkdwn(text.text, { verbatim: text.verbatim }); node.className += ` ${className}`; return node; }
  return h("div", { class: `plain ${className}` }, plainParts(text));
}

export function plainParts(text) {
  const words = String(text?.text ?? text ?? "");
  if (text?.emoji === false) return [decodeNever(words)];
  const out = [];
  let end = 0;
  for (const hit of words.matchAll(/:([a-z0-9_+-]{1,60}):/g)) {
    out.push(words.slice(end, hit.index), emojiNode(hit[1]));
    end = hit.index + hit[0].length;
  }
  return [...out, words.slice(end)];
}

const decodeNever = (words) => words; // plain_text knows no entities: "&lt;" is shown as typed
