// Faults that the workspace plays on the app when asked, so that one can see what people would see.

import { fill, h } from "./dom.js";
import { act } from "./net.js";
import { toast } from "./toast.js";

const KINDS = [
  ["slow", "Slow answer (2 s)", { delay: 2 }],
  ["limited", "429, try again in 3 s", { status: 429, retry_after: 3 }],
  ["broken", "500", { status: 500 }],
  ["lost-before", "Connection lost before it happens", { reset: "before" }],
  ["lost-after", "Connection lost after it happened", { reset: "after" }],
  ["twice", "Delivered twice (to the app)", { duplicate: true }],
];
const TARGETS = ["chat.postMessage", "chat.update", "chat.postEphemeral", "views.open", "views.update", "views.publish", "*", "delivery"];

export async function faultsPanel(root) {
  const select = (id, label, options) => h("div", { class: "input" }, h("label", { for: id }, label), h("select", { id, class: "text-input" }, options.map(([value, words]) => h("option", { value }, words))));
  const target = select("fault-target", "What goes wrong", TARGETS.map((name) => [name, { "*": "any Web API call", delivery: "what is sent to the app" }[name] || name]));
  const kind = select("fault-kind", "How", KINDS.map(([id, words]) => [id, words]));
  const times = h("div", { class: "input" }, h("label", { for: "fault-times" }, "How often"), h("input", { id: "fault-times", type: "number", min: "1", max: "50", value: "1", class: "text-input" }));
  const list = h("ul", { class: "fault-list" });
  const arm = h("form", { class: "faults", onsubmit: async (event) => {
    event.preventDefault();
    const how = KINDS.find(([id]) => id === kind.querySelector("select").value)[2];
    const reply = await act("faults", { add: { target: target.querySelector("select").value, times: Number(times.querySelector("input").value) || 1, ...how } });
    if (reply.ok) { toast("Set. It happens at the next such request."); show(reply.faults); }
  } }, target, kind, times, h("button", { type: "submit", class: "button button-primary" }, "Set this fault"), h("button", { type: "button", class: "button", onclick: async () => show((await act("faults", { clear: true })).faults) }, "Clear all"), h("button", { type: "button", class: "button", onclick: async () => { if ((await act("faults", { drop: true })).ok) toast("Dropped. An app in Socket Mode connects anew."); } }, "Drop the socket"));
  const show = (faults = []) => fill(list, faults.length ? faults.map((one) => h("li", {}, `${one.target}: ${one.words}, ${one.times} more`)) : h("li", { class: "quiet" }, "No faults are set."));
  fill(root, arm, list);
  show((await act("faults", {})).faults);
}
