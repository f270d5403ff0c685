// Direct messages: choosing whom to write to, and what one can do with a name.

import { h } from "./dom.js";
import { control } from "./controls.js";
import { openDialog } from "./dialog.js";
import { time } from "./dates.js";
import { become } from "./header.js";
import { openMenu } from "./menu.js";
import { act } from "./net.js";
import { forget, surface } from "./surface.js";
import { toast } from "./toast.js";
import { tell, world } from "./world.js";

const WHO = { type: "multi_users_select", action_id: "who", max_selected_items: 8, placeholder: { text: "Names" } };

export function newMessage() {
  forget("new-message");
  const place = surface({ view_id: "new-message" });
  const field = control(WHO, { block: { type: "input", block_id: "new", label: { text: "To" } }, surface: place, id: "new-message-who" });
  const start = async () => {
    const people = place.get("new", "who")?.selected_users || [];
    if (!people.length) { toast("Choose somebody to write to."); field.querySelector("input").focus(); return; }
    if (await talk(people)) close();
  };
  const close = openDialog({ title: "New message", small: true, body: h("div", { class: "input" }, h("label", { for: "new-message-who" }, "To"), field, h("div", { class: "input-hint" }, "One person, or up to eight for a group.")),
    foot: [h("button", { type: "button", class: "button", onclick: () => close() }, "Cancel"), h("button", { type: "button", class: "button button-primary", onclick: start }, "Write")] });
}

async function talk(people) {
  const reply = await act("talk", { people });
  if (reply.ok) tell("visit", reply.channel);
  return reply.ok;
}

/** The menu under a name: who that is, and the ways to them. */
export function personMenu(anchor, person) {
  if (person.bot) return openMenu(anchor, [{ heading: `${person.name}, an app` }, { label: "Open its Home", run: () => tell("visit", "home") }], person.name);
  const items = [{ heading: [person.title, `${time(world.now(), person.zone)} there`].filter(Boolean).join(" · ") }, { label: person.id === world.me.id ? "Notes to yourself" : "Message", run: () => talk([person.id]) }];
  return openMenu(anchor, person.id === world.me.id ? items : [...items, { label: `Act as ${person.name}`, run: () => become(person.id) }], person.name);
}
