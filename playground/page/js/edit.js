// Changing and deleting one's own messages, as Slack allows it; the app hears of both.

import { h } from "./dom.js";
import { openDialog } from "./dialog.js";
import { encode } from "./mrkdwn.js";
import { asTyped, named } from "./names.js";
import { act } from "./net.js";
import { confirmed } from "./surface.js";
import { world } from "./world.js";

export const isOwn = (message) => message.user === world.me.id && !message.bot && !message.ephemeral && !message.subtype;

export function edit(message) {
  const words = asTyped(message.text || "");
  const field = h("textarea", { class: "text-input", rows: String(Math.min(words.split("\n").length + 2, 12)), value: words, "aria-label": "Message" });
  const save = async () => {
    const reply = await act("edit", { channel: message.channel, ts: message.ts, text: named(encode(field.value.trim()), "message") });
    if (reply.ok) close();
  };
  field.addEventListener("keydown", (event) => { if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); save(); } });
  const close = openDialog({ title: "Edit message", focus: field, body: field, foot: [h("button", { type: "button", class: "button", onclick: () => close() }, "Cancel"), h("button", { type: "button", class: "button button-primary", onclick: save }, "Save")] });
  field.setSelectionRange(field.value.length, field.value.length);
}

export async function remove(message) {
  const yes = await confirmed({ title: { text: "Delete this message?" }, text: { type: "plain_text", text: asTyped(message.text || "").slice(0, 300) || "It holds a file." }, confirm: { text: "Delete" }, deny: { text: "Keep" }, style: "danger" });
  if (yes) await act("delete", { channel: message.channel, ts: message.ts });
}

/** Arrow up in an empty composer takes up one's newest words again. */
export function editLast(thread) {
  const mine = world.here().filter((message) => isOwn(message) && (thread ? message.thread_ts === thread : !message.thread_ts || message.thread_ts === message.ts)).at(-1);
  if (mine) edit(mine);
  return Boolean(mine);
}
