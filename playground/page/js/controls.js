// The elements that a person can touch, in messages, modals and Home. Each keeps its value on its surface and
// presses where Slack would: in messages at once, in inputs only with `dispatch_action`.

import { h, icon, safeHref } from "./dom.js";
import { plainParts } from "./mrkdwn.js";
import { openMenu } from "./menu.js";
import { picker } from "./picker.js";
import { dateField, dateTimeField, timeField } from "./datefields.js";
import { fileField, textField } from "./textfields.js";

/** `at`: {block, surface, id, dispatch, described, invalid}. */
export function control(element, at) {
  const type = String(element?.type || "");
  const make = MAKE[type] || (/_select$/.test(type) ? picker : unknown);
  const part = { ...at, element, label: labelOf(element, at) };
  part.get = () => at.surface.get(at.block.block_id, element.action_id);
  part.set = (value) => at.surface.set(at.block.block_id, element.action_id, { type, ...value });
  part.send = (value, node) => at.surface.press({ type, action_id: element.action_id, block_id: at.block.block_id, ...value }, node, element.confirm);
  part.changed = (value, node) => { part.set(value); if (at.dispatch) part.send(value, node); };
  part.aria = () => ({ id: at.id, "aria-describedby": at.described || null, "aria-invalid": at.invalid ? "true" : null, ...(at.block.type === "input" ? {} : { "aria-label": part.label }) });
  return make(element, part);
}

const words = (text) => text?.text || "";
const labelOf = (element, at) => element?.accessibility_label || words(at.block.label) || words(element?.placeholder) || words(element?.text) || "Choose";

const unknown = (element) => h("details", { class: "block-unknown" }, h("summary", {}, `Element “${element?.type || "?"}”, shown as its JSON`), h("pre", {}, h("code", {}, JSON.stringify(element, null, 2))));

const MAKE = {
  button, workflow_button: button, icon_button: iconButton, feedback_buttons: feedback, overflow,
  radio_buttons: radios, checkboxes, datepicker: dateField, timepicker: timeField, datetimepicker: dateTimeField,
  plain_text_input: textField, email_text_input: textField, url_text_input: textField, number_input: textField, rich_text_input: textField, file_input: fileField,
};

function button(element, part) {
  const style = { primary: "button-primary", danger: "button-danger" }[element.style] || "";
  const href = element.url && safeHref(element.url);
  const press = () => part.send({ text: element.text, ...(element.value === undefined ? {} : { value: element.value }) }, node);
  const node = h(href ? "a" : "button", { class: `button ${style}`, "aria-label": element.accessibility_label || null, onclick: press,
    ...(href ? { href, target: "_blank", rel: "noopener noreferrer" } : { type: "button" }), dataset: { action: element.action_id || "" } }, plainParts(element.text));
  return node;
}

function iconButton(element, part) {
  const node = h("button", { type: "button", class: "button button-small", "aria-label": element.accessibility_label || words(element.text), dataset: { action: element.action_id || "" },
    onclick: () => part.send({ text: element.text, value: element.value, icon: element.icon }, node) }, icon(element.icon === "trash" ? "trash" : "more", 16), h("span", {}, plainParts(element.text)));
  return node;
}

function feedback(element, part) {
  const one = (side, name) => {
    const node = h("button", { type: "button", class: `button button-small thumb-${name}`, "aria-label": side.accessibility_label || words(side.text), dataset: { action: element.action_id || "" },
      onclick: () => part.send({ text: side.text, value: side.value }, node) }, icon("thumb", 16), h("span", {}, plainParts(side.text)));
    return node;
  };
  return h("div", { class: "feedback", role: "group", "aria-label": "Was this useful?" }, one(element.positive_button, "up"), one(element.negative_button, "down"));
}

function overflow(element, part) {
  const items = () => (element.options || []).map((option) => ({ label: plainParts(option.text), hint: option.description && words(option.description), run: () => choose(option) }));
  const choose = (option) => (option.url && safeHref(option.url) ? window.open(safeHref(option.url), "_blank", "noopener") : null, part.send({ selected_option: option }, node));
  const node = h("button", { type: "button", class: "button button-icon", "aria-label": element.accessibility_label || "More actions", "aria-haspopup": "menu", dataset: { action: element.action_id || "" },
    onclick: () => openMenu(node, items(), "More actions") }, icon("more"));
  return node;
}

const named = (part) => (part.block.type === "input" ? { "aria-labelledby": `${part.id}-label` } : { "aria-label": part.label });
const same = (a, b) => a && b && a.value === b.value;

function radios(element, part) {
  const chosen = part.get()?.selected_option ?? element.initial_option ?? null;
  if (!part.get()) part.set({ selected_option: chosen });
  const name = `${part.id}-radio`;
  return h("div", { class: "choices", role: "radiogroup", ...named(part) }, (element.options || []).map((option, index) =>
    choice("radio", option, { name, id: index ? `${part.id}-${index}` : part.id, checked: same(chosen, option), onchange: () => part.changed({ selected_option: option }) })));
}

function checkboxes(element, part) {
  const chosen = part.get()?.selected_options ?? element.initial_options ?? [];
  if (!part.get()) part.set({ selected_options: chosen });
  const group = h("div", { class: "choices", role: "group", ...named(part) }, (element.options || []).map((option, index) =>
    choice("checkbox", option, { id: index ? `${part.id}-${index}` : part.id, checked: chosen.some((one) => same(one, option)), onchange: read })));
  function read() {
    const boxes = [...group.querySelectorAll("input")];
    part.changed({ selected_options: element.options.filter((_, at) => boxes[at].checked) });
  }
  return group;
}

const choice = (type, option, props) => h("label", { class: "choice" }, h("input", { type, ...props }),
  h("span", {}, h("span", {}, plainParts(option.text)), option.description && h("span", { class: "quiet small choice-more" }, plainParts(option.description))));
