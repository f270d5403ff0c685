// The rich_text block and all its element kinds, and the markdown block (a small, safe subset drawn line by line).

import { h, link } from "./dom.js";
import { channelNode, emojiNode, personNode } from "./mrkdwn.js";
import { dateToken } from "./dates.js";
import { world } from "./world.js";

export const richText = (block) => h("div", { class: "rich" }, (block.elements || []).map(part));

function part(element) {
  const kids = () => (element.elements || []).map(inline);
  if (element.type === "rich_text_section") return h("div", { class: "line" }, kids());
  if (element.type === "rich_text_preformatted") return h("pre", {}, h("code", {}, kids()));
  if (element.type === "rich_text_quote") return h("blockquote", {}, kids());
  if (element.type === "rich_text_list") return list(element);
  return inline(element);
}

function list(element) {
  const ordered = element.style === "ordered";
  const props = { class: `list indent-${Math.min(Number(element.indent) || 0, 8)}`, start: ordered && element.offset ? Number(element.offset) + 1 : null };
  return h(ordered ? "ol" : "ul", props, (element.elements || []).map((item) => h("li", {}, (item.elements || []).map(inline))));
}

function inline(element) {
  const node = bare(element);
  return Object.entries(element.style || {}).reduce((inner, [name, on]) => (on && TAGS[name] ? h(TAGS[name], {}, inner) : inner), node);
}

const TAGS = { bold: "strong", italic: "em", strike: "s", code: "code", underline: "u", highlight: "mark", client_highlight: "mark" };

function bare(element) {
  switch (element.type) {
    case "text": return element.text ?? "";
    case "link": return link(element.url, element.text || element.url);
    case "emoji": return element.unicode ? String.fromCodePoint(...element.unicode.split("-").map((code) => parseInt(code, 16))) : emojiNode(element.name);
    case "user": return personNode(element.user_id);
    case "channel": return channelNode(element.channel_id);
    case "usergroup": return h("span", { class: "mention" }, `@${world.group(element.usergroup_id)}`);
    case "team": return h("span", { class: "mention" }, `@${element.team_id}`);
    case "broadcast": return h("span", { class: "mention mention-all" }, `@${element.range}`);
    case "date": return h("time", { title: element.fallback }, dateToken(element.timestamp, element.format || "{date}") ?? element.fallback ?? "");
    case "color": return h("span", { class: "color" }, swatch(element.value), element.value);
    default: return element.text ?? `[${element.type}]`;
  }
}

const swatch = (value) => (/^#[0-9a-f]{3,8}$/i.test(value || "") ? h("span", { class: "swatch", style: { background: value } }) : null);

const INLINE = /`([^`\n]+)`|\[([^\]\n]{1,500})\]\(([^()\s]{1,2000})\)|\*\*(?=\S)([^\n]{1,2000}?)\*\*|(?<![\w*])[*_](?=\S)([^*_\n]{1,2000})[*_](?![\w*])|~~([^~\n]{1,2000})~~/gu;

function words(text) {
  const out = [];
  let end = 0;
  for (const hit of text.matchAll(INLINE)) {
    out.push(text.slice(end, hit.index));
    const [, code, label, address, bold, italic, strike] = hit;
    if (code !== undefined) out.push(h("code", {}, code));
    else if (label !== undefined) out.push(link(address, words(label)));
    else if (bold !== undefined) out.push(h("strong", {}, words(bold)));
    else if (italic !== undefined) out.push(h("em", {}, italic));
    else out.push(h("s", {}, strike));
    end = hit.index + hit[0].length;
  }
  return [...out, text.slice(end)];
}

const RULES = [
  [/^(#{1,6})\s+(.*)$/, (hit) => h("div", { class: `md-h md-h${hit[1].length}`, role: "heading", "aria-level": Math.min(hit[1].length + 2, 6) }, words(hit[2]))],
  [/^\s*(?:-{3,}|\*{3,}|_{3,})\s*$/, () => h("hr")],
  [/^>\s?(.*)$/, (hit) => h("blockquote", {}, words(hit[1]))],
  [/^(\s*)[-*+]\s+\[([ xX])\]\s+(.*)$/, (hit) => bullet(hit[1], hit[2] === " " ? "☐" : "☑", hit[3])],
  [/^(\s*)[-*+]\s+(.*)$/, (hit) => bullet(hit[1], "•", hit[2])],
  [/^(\s*)(\d{1,3}[.)])\s+(.*)$/, (hit) => bullet(hit[1], hit[2], hit[3])],
];

const bullet = (indent, sign, text) => h("div", { class: `line bullet indent-${Math.min(indent.length >> 1, 8)}` }, h("span", { class: "bullet-sign" }, sign), h("span", {}, words(text)));

export function markdown(text) {
  const node = h("div", { class: "mrkdwn markdown" });
  const rest = String(text ?? "").split("\n");
  while (rest.length) {
    const line = rest.shift();
    if (/^```/.test(line)) { node.append(fence(rest)); continue; }
    if (/^\s*\|.*\|\s*$/.test(line) && /^\s*\|[\s:|-]+\|\s*$/.test(rest[0] || "")) { node.append(grid(line, rest)); continue; }
    const rule = RULES.find(([pattern]) => pattern.test(line));
    node.append(rule ? rule[1](rule[0].exec(line)) : h("div", { class: line.trim() ? "line" : "line line-empty" }, words(line)));
  }
  return node;
}

function fence(rest) {
  const end = rest.findIndex((line) => /^```/.test(line));
  const body = rest.splice(0, end < 0 ? rest.length : end);
  if (end >= 0) rest.shift();
  return h("pre", {}, h("code", {}, body.join("\n")));
}

const cells = (line) => line.trim().replace(/^\||\|$/g, "").split("|").map((cell) => cell.trim());

function grid(head, rest) {
  rest.shift();
  const body = [];
  while (rest.length && /^\s*\|.*\|\s*$/.test(rest[0])) body.push(cells(rest.shift()));
  const row = (tag) => (line) => h("tr", {}, line.map((cell) => h(tag, {}, words(cell))));
  return h("div", { class: "table-wrap" }, h("table", { class: "table" }, h("thead", {}, row("th")(cells(head))), h("tbody", {}, body.map(row("td")))));
}
