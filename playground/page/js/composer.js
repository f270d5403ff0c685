// Where one types. Enter sends, Shift+Enter breaks the line; a text that opens with a known /command goes to the app.

import { h, icon } from "./dom.js";
import { completions } from "./complete.js";
import { editLast } from "./edit.js";
import { encode } from "./mrkdwn.js";
import { openMenu } from "./menu.js";
import { named } from "./names.js";
import { act, upload } from "./net.js";
import { on, world } from "./world.js";
import { toast } from "./toast.js";

let counter = 0;

/** `also` is a box to tick: whether an answer goes to the channel of its thread too; it holds for one answer. */
export function makeComposer(root, { label, thread = () => null, also = null }) {
  const id = `composer-${++counter}`;
  const field = h("textarea", { id, class: "composer-field", rows: "1", "aria-label": label, autocomplete: "off", spellcheck: "true" });
  const sendButton = h("button", { type: "submit", class: "composer-send", "aria-label": "Send", disabled: true }, icon("send"));
  const plus = h("button", { type: "button", class: "tool", "aria-label": "Files and shortcuts", onclick: () => openMenu(plus, extras(), "Add") }, icon("plus"));
  const pick = h("input", { type: "file", class: "hidden", tabindex: "-1", "aria-hidden": "true", onchange: () => share(pick, thread(), also) });
  const form = h("form", { class: "composer-box" }, plus, field, sendButton, pick);
  const offer = completions(field, insert);

  const extras = () => [...world.app.shortcuts.filter((one) => one.type === "global").map((one) => ({ label: one.name, hint: one.description, run: () => act("shortcut", { callback_id: one.callback_id }) })), { label: "Share a file", run: () => pick.click() }];

  function insert(item, from) {
    const rest = field.value.slice(field.selectionStart);
    field.value = field.value.slice(0, from) + item.insert + rest.replace(/^ /, "");
    field.selectionStart = field.selectionEnd = from + item.insert.length;
    sized();
    offer.look();
  }

  function sized() {
    field.style.height = "auto";
    field.style.height = `${Math.min(field.scrollHeight, 220)}px`;
    sendButton.disabled = !field.value.trim();
  }

  async function send() {
    const text = field.value.trim();
    if (!text) return;
    offer.shut();
    field.value = "";
    sized();
    const reply = await sendText(text, thread(), also?.checked);
    if (reply.ok && also) also.checked = false;
    if (!reply.ok && !field.value) { field.value = text; sized(); }
  }

  const put = () => { field.placeholder = thread() ? "Reply" : placeholder(); };
  field.addEventListener("input", () => { sized(); offer.look(); });
  field.addEventListener("keydown", (event) => {
    if (offer.key(event)) return;
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); send(); }
    if (event.key === "ArrowUp" && !field.value && editLast(thread())) event.preventDefault();
  });
  form.addEventListener("submit", (event) => { event.preventDefault(); send(); });
  on("place shell thread", put);
  root.replaceChildren(form);
  return field;
}

function placeholder() {
  const channel = world.channel(world.place);
  if (!channel) return "Message";
  return channel.kind === "channel" ? `Message #${channel.name}` : `Message ${channel.app ? world.app.name : channel.name}`;
}

export async function sendText(text, thread, broadcast = false) {
  const [word] = text.split(/\s/, 1);
  const command = world.app.commands.find((one) => one.command === word);
  if (!command && /^\/[a-z][\w-]*$/i.test(word)) { toast(`${word} is not a command here. Type / to see those that are.`); return { ok: false }; }
  if (command && thread) { toast("Slash commands do not work in threads. Write it in the channel."); return { ok: false }; }
  if (command) return act("command", { channel: world.place, command: word, text: named(text.slice(word.length).trim(), command.should_escape ? "command" : "plain") });
  return act("message", { channel: world.place, text: named(encode(text), "message"), ...(thread ? { thread_ts: thread, broadcast } : {}) });
}

async function share(pick, thread, also) {
  for (const file of pick.files) {
    const kept = await upload(file).catch(() => null);
    if (!kept?.file) { toast(`${file.name} could not be shared.`); continue; }
    await act("message", { channel: world.place, text: "", files: [kept.file.id], ...(thread ? { thread_ts: thread, broadcast: also?.checked } : {}) });
  }
  pick.value = "";
  if (also) also.checked = false;
}
