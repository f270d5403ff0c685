// Where blocks stand: a message, a modal or the Home tab. Holds what was filled in and sends presses to the server.

import { act } from "./net.js";
import { h } from "./dom.js";
import { plainParts, textNode } from "./mrkdwn.js";
import { openDialog } from "./dialog.js";

const kept = new Map(); // values by surface, so that a redraw of the same blocks loses nothing

export function surface(place, { errors = {}, pressed } = {}) {
  const key = place.view_id || `${place.channel}/${place.ts}`;
  if (!kept.has(key)) kept.set(key, new Map());
  const values = kept.get(key);
  const slot = (block, action) => `${block}\u0000${action}`;
  return {
    place, values,
    error: (block) => errors[block],
    get: (block, action) => values.get(slot(block, action)),
    set: (block, action, value) => values.set(slot(block, action), value),
    state: () => shaped(values),
    options: (block, action, words) => act("options", { ...place, block_id: block, action_id: action, value: words }, { quiet: true }),
    async press(action, node, confirm) {
      if (confirm && !(await confirmed(confirm))) return { ok: false };
      node?.classList.add("busy");
      const reply = await act("press", { ...place, action, state: shaped(values) });
      node?.classList.remove("busy");
      pressed?.(reply);
      return reply;
    },
  };
}

/** Drops what was typed into blocks that are no longer there. */
export function prune(key, list) {
  const here = new Set(list.map((block) => block.block_id));
  for (const slot of [...(kept.get(key)?.keys() || [])]) if (!here.has(slot.split("\u0000")[0])) kept.get(key).delete(slot);
}

export const forget = (key) => kept.delete(key);

function shaped(values) {
  const state = {};
  for (const [slot, value] of values) {
    const [block, action] = slot.split("\u0000");
    (state[block] ||= {})[action] = value;
  }
  return state;
}

/** Asks in Slack's confirm dialog; only a clear yes counts. */
export function confirmed(ask) {
  return new Promise((answer) => {
    const yes = h("button", { type: "button", class: `button ${ask.style === "danger" ? "button-danger" : "button-primary"}`, onclick: () => close(true) }, plainParts(ask.confirm));
    const no = h("button", { type: "button", class: "button", onclick: () => close(false) }, plainParts(ask.deny));
    const close = openDialog({ title: plainParts(ask.title), body: textNode(ask.text), foot: [no, yes], small: true, focus: yes, done: (said) => answer(said === true) });
  });
}
