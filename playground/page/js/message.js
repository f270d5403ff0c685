// One message: face, name, time, words or blocks, files, reactions, replies, and the menu that comes with it.

import { h, icon, link, picture } from "./dom.js";
import { avatar } from "./avatar.js";
import { blocks, firstWords } from "./blocks.js";
import { edit, isOwn, remove } from "./edit.js";
import { emoji } from "./emoji.js";
import { emojiNode, mrkdwn } from "./mrkdwn.js";
import { dayOrNear, fromTs, moment, time } from "./dates.js";
import { openMenu } from "./menu.js";
import { act } from "./net.js";
import { surface } from "./surface.js";
import { personMenu } from "./talk.js";
import { toast } from "./toast.js";
import { world } from "./world.js";

const author = (message) => ({ ...(world.person(message.user) || { id: message.user, name: message.user }), ...(message.username ? { name: message.username } : {}) });

/** `inThread` leaves out what leads to the thread; `compact` leaves out the face for a run of messages by one person. */
export function messageNode(message, { compact = false, inThread = false, openThread } = {}) {
  const who = author(message);
  const at = fromTs(message.ts);
  if (message.subtype && /join|leave|archive|rename|topic|purpose|tombstone/.test(message.subtype)) return notice(message, who, at, !inThread && replies(message, openThread));
  const stamp = h("time", { class: "message-time", datetime: at.toISOString(), title: moment(at) }, time(at));
  const head = compact ? null : h("div", { class: "message-head" }, name(who), who.bot && h("span", { class: "tag" }, "app"), who.outside && h("span", { class: "tag tag-out" }, "outside"),
    who.title && h("span", { class: "message-role" }, who.title), stamp);
  return h("article", { class: `message${compact ? " message-compact" : ""}${message.ephemeral ? " message-ephemeral" : ""}`, "aria-label": `${who.name}, ${time(at)}`, dataset: { key: message.key, ts: message.ts } },
    h("div", { class: "message-side" }, compact ? stamp : avatar(who)),
    h("div", { class: "message-main" }, message.ephemeral && h("div", { class: "ephemeral", title: "As in Slack, it is gone once the page is loaded anew" }, "Only visible to you"), head, message.broadcast && broadcast(message, inThread, openThread), body(message), files(message), reactions(message), !inThread && replies(message, openThread)),
    message.ephemeral ? null : tools(message, inThread, openThread));
}

/** A reply that was also sent to the channel says so in the thread, and in the channel to what it replies. */
function broadcast(message, inThread, openThread) {
  if (inThread) return h("div", { class: "broadcast quiet small" }, "Also sent to the channel");
  const first = world.messages.get(message.channel)?.find((one) => one.ts === message.thread_ts);
  return h("div", { class: "broadcast quiet small" }, h("span", {}, "Replied to a thread: "), h("button", { type: "button", class: "broadcast-link", onclick: () => openThread?.(message) }, (first && firstWords(first)) || "a message"));
}

function name(who) {
  if (!world.person(who.id)) return h("span", { class: "message-author" }, who.name);
  const node = h("button", { type: "button", class: "message-author", "aria-haspopup": "menu", onclick: () => personMenu(node, who) }, who.name);
  return node;
}

const notice = (message, who, at, thread) => h("article", { class: "message message-notice", dataset: { key: message.key, ts: message.ts } }, h("div", { class: "message-side" }),
  h("div", { class: "message-main quiet small" }, mrkdwn(message.text || `${who.name} ${message.subtype.replaceAll("_", " ")}`), time(at), thread));

const LONG = 3000;

function body(message) {
  const where = surface({ channel: message.channel, ts: message.ts, ephemeral: message.ephemeral || undefined }, {});
  const edited = message.edited && h(message.blocks?.length ? "div" : "span", { class: "quiet small" }, " (edited)");
  const words = message.blocks?.length ? blocks(message.blocks, where) : h("div", { class: "message-words" }, mrkdwn(message.text || ""));
  const own = !message.bot && (message.plain || message.text || "").length > LONG;
  return [own ? folded(words, (message.plain || message.text).length) : words, attachments(message, where), edited];
}

function folded(words, length) {
  const box = h("div", { class: "folded-words" }, words);
  const more = h("button", { type: "button", class: "button button-small", onclick: () => { box.classList.remove("folded-words"); more.remove(); } }, `Show all ${length.toLocaleString("en")} characters`);
  return [box, more];
}

function attachments(message, where) {
  return (message.attachments || []).map((one) => h("div", { class: "attachment" }, one.title && h("div", {}, one.title_link ? link(one.title_link, one.title) : h("strong", {}, one.title)),
    one.blocks ? blocks(one.blocks, where) : one.text ? mrkdwn(one.text) : one.fallback || "", one.image_url && picture(one.image_url, one.fallback || "", "image-big")));
}

const kind = (file) => (/\.([a-z0-9]{1,5})$/i.exec(file.name || "")?.[1] || file.mimetype || "").toUpperCase();
const files = (message) => message.files?.length > 0 && h("div", { class: "files" }, message.files.map((file) => (/^image\/(png|jpeg|gif|webp)$/.test(file.mimetype)
  ? h("figure", { class: "image" }, h("figcaption", { class: "quiet small" }, file.title || file.name), picture(file.url, file.alt || file.name, "image-big"))
  : h("a", { class: "filecard", href: file.url, download: file.name }, icon("file", 22), h("span", {}, h("strong", {}, file.title || file.name), h("span", { class: "quiet small" }, `${kind(file)} · ${weight(file.size)}`))))));

const weight = (bytes) => (bytes < 1024 ? `${bytes} bytes` : bytes < 1048576 ? `${Math.round(bytes / 1024)} kB` : `${(bytes / 1048576).toFixed(1)} MB`);

function reactions(message) {
  const all = Object.entries(message.reactions || {}).filter(([, who]) => who.length);
  return all.length > 0 && h("div", { class: "reactions" }, all.map(([name, who]) => h("button", { type: "button", class: `reaction${who.includes(world.me.id) ? " reaction-mine" : ""}`, "aria-pressed": String(who.includes(world.me.id)),
    "aria-label": `${name.replaceAll("_", " ")}, ${who.length}`, title: who.map((id) => world.person(id)?.name || id).join(", "), onclick: () => act("react", { channel: message.channel, ts: message.ts, name, remove: who.includes(world.me.id) }) },
  emojiNode(name), h("span", {}, who.length))));
}

function replies(message, openThread) {
  if (!message.replies?.count) return null;
  const faces = message.replies.users.slice(0, 3).map((id) => avatar(world.person(id) || { id }, "avatar-tiny"));
  const last = fromTs(message.replies.last);
  return h("button", { type: "button", class: "thread-link", onclick: () => openThread?.(message) }, h("span", { class: "faces" }, faces), h("span", { class: "thread-count" }, message.replies.count === 1 ? "1 reply" : `${message.replies.count} replies`),
    h("span", { class: "quiet small" }, `last ${dayOrNear(last).toLowerCase() === "today" ? time(last) : dayOrNear(last)}`));
}

const QUICK = ["+1", "eyes", "white_check_mark", "tada", "memo", "heart"];

function tools(message, inThread, openThread) {
  const react = h("button", { type: "button", class: "tool", "aria-label": "Add a reaction", onclick: () => openMenu(react, QUICK.map((name) => ({ label: [emoji(name), " ", name.replaceAll("_", " ")], run: () => act("react", { channel: message.channel, ts: message.ts, name }) })), "Reactions") }, icon("smile"));
  const more = h("button", { type: "button", class: "tool tool-more", "aria-label": `More actions for the message “${firstWords(message).slice(0, 40)}”`, onclick: () => openMenu(more, shortcuts(message), "Message actions") }, icon("more"));
  const reply = !inThread && h("button", { type: "button", class: "tool", "aria-label": "Reply in thread", onclick: () => openThread?.(message) }, icon("reply"));
  return h("div", { class: "tools", role: "toolbar", "aria-label": "Message" }, react, reply, more);
}

function shortcuts(message) {
  const own = world.app.shortcuts.filter((shortcut) => shortcut.type === "message");
  const run = (shortcut) => act("shortcut", { callback_id: shortcut.callback_id, channel: message.channel, ts: message.ts });
  return [...(own.length ? [{ heading: world.app.name }] : []), ...own.map((shortcut) => ({ label: shortcut.name, hint: shortcut.description, run: () => run(shortcut) })), ...(own.length ? ["-"] : []),
    ...(isOwn(message) ? [{ label: "Edit message", run: () => edit(message) }, { label: "Delete message…", run: () => remove(message) }, "-"] : []),
    { label: "Copy text", run: () => copy(message.plain || message.text) }, { label: "Copy link", run: () => copy(message.permalink || "") },
    ...(world.developer ? [{ label: "Show JSON", hint: "for developers", run: () => document.dispatchEvent(new CustomEvent("show-json", { detail: message })) }] : [])];
}

export async function copy(text) {
  try { await navigator.clipboard.writeText(text); toast("Copied."); } catch { toast("This browser does not allow copying from here."); }
}
