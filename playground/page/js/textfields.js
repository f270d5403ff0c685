// Fields for words: one line, many lines, numbers, e-mail, links, rich text, and files.

import { fill, h, icon } from "./dom.js";
import { encode } from "./mrkdwn.js";
import { named } from "./names.js";
import { upload } from "./net.js";
import { typedOf } from "./richtyped.js";
import { toast } from "./toast.js";

const KIND = { email_text_input: { type: "email", inputmode: "email", autocomplete: "off" }, url_text_input: { type: "url", inputmode: "url" }, plain_text_input: { type: "text" } };

export function textField(element, part) {
  const rich = element.type === "rich_text_input";
  const long = element.multiline || rich;
  const held = part.get();
  const start = held ? held.value ?? held.written : rich ? typedOf(element.initial_value) : element.initial_value;
  const shape = (text) => (rich ? { written: text, typed: named(encode(text), "message") } : { value: text === "" ? null : text });
  if (!held && !rich) part.set(shape(start || "")); // rich text that nobody touched stays as the app gave it
  const kind = element.type === "number_input" ? { type: "text", inputmode: element.is_decimal_allowed ? "decimal" : "numeric" } : KIND[element.type];
  const node = h(long ? "textarea" : "input", { ...part.aria(), ...(long ? { rows: "4" } : kind), class: "text-input", placeholder: element.placeholder?.text || null, value: start || "",
    maxlength: element.max_length || null, "aria-required": part.block.optional ? null : "true", dataset: { action: element.action_id || "", autofocus: element.focus_on_load ? "yes" : "" } });
  listen(node, element, part, shape);
  return node;
}

function listen(node, element, part, shape) {
  const when = element.dispatch_action_config?.trigger_actions_on || ["on_enter_pressed"];
  let timer;
  node.addEventListener("input", () => {
    part.set(shape(node.value));
    if (!part.dispatch || !when.includes("on_character_entered")) return;
    clearTimeout(timer);
    timer = setTimeout(() => part.send(shape(node.value), null), 350);
  });
  node.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || !part.dispatch || !when.includes("on_enter_pressed") || node.tagName === "TEXTAREA") return;
    event.preventDefault();
    part.send(shape(node.value), null);
  });
}

export function fileField(element, part) {
  const most = element.max_files || 10;
  const list = h("ul", { class: "file-list" });
  let files = part.get()?.files || [];
  const pick = h("input", { ...part.aria(), type: "file", class: "file-input", multiple: most > 1, accept: (element.filetypes || []).map((type) => `.${type}`).join(",") || null });

  function draw() {
    part.set({ files });
    fill(list, files.map((file) => h("li", {}, icon("file", 16), file.name, h("button", { type: "button", class: "button-quiet", "aria-label": `Remove ${file.name}`, onclick: () => { files = files.filter((one) => one !== file); draw(); } }, icon("close", 14)))));
  }

  pick.addEventListener("change", async () => {
    for (const file of [...pick.files].slice(0, most - files.length)) {
      const kept = await upload(file).catch(() => null);
      if (kept?.file) files = [...files, kept.file];
      else toast(`${file.name} could not be kept.`);
    }
    pick.value = "";
    draw();
  });
  draw();
  return h("div", { class: "file-field" }, pick, list);
}
