// Draws Block Kit. A block that has no drawing here is shown as a labelled box with its JSON, never as nothing.

import { h, link, picture } from "./dom.js";
import { mrkdwn, plainParts, textNode } from "./mrkdwn.js";
import { markdown, richText } from "./richtext.js";
import { dataTable, table } from "./tables.js";
import { control } from "./controls.js";
import { world } from "./world.js";

/** `surface` is where the blocks stand: it knows how to press, its values and its errors (see surface.js). */
export const blocks = (list, surface) => h("div", { class: "blocks" }, (list || []).map((block) => one(block, surface)));

function one(block, surface) {
  let node;
  try {
    node = (DRAW[block.type] || boxed)(block, surface);
  } catch {
    node = boxed(block);
  }
  node.classList.add("block");
  node.dataset.block = block.block_id || "";
  return node;
}

function boxed(block) {
  return h("details", { class: "block-unknown" }, h("summary", {}, `Block “${block?.type || "?"}”, shown as its JSON`), h("pre", {}, h("code", {}, JSON.stringify(block, null, 2))));
}

const DRAW = {
  section: (block, surface) => {
    const words = h("div", { class: "section-words" }, textNode(block.text));
    if (block.fields) words.append(h("div", { class: "fields" }, block.fields.map((field) => textNode(field, "field"))));
    return h("div", { class: `section${block.accessory ? " section-with" : ""}` }, words, block.accessory && h("div", { class: "accessory" }, element(block.accessory, block, surface)));
  },
  header: (block) => h("div", { class: "header", role: "heading", "aria-level": "3" }, plainParts(block.text)),
  divider: () => h("hr", { class: "divider" }),
  context: (block, surface) => h("div", { class: "context" }, (block.elements || []).map((item) => (item.type === "image" ? element(item, block, surface) : textNode(item)))),
  image: (block) => h("figure", { class: "image" }, block.title && h("figcaption", {}, plainParts(block.title)), picture(block.image_url || fileOf(block.slack_file), block.alt_text, "image-big")),
  actions: (block, surface) => h("div", { class: "actions" }, (block.elements || []).map((item) => element(item, block, surface))),
  context_actions: (block, surface) => h("div", { class: "actions context-actions" }, (block.elements || []).map((item) => element(item, block, surface))),
  input,
  rich_text: richText,
  markdown: (block) => markdown(block.text),
  table,
  data_table: dataTable,
  video: (block) => h("div", { class: "video" }, h("div", { class: "video-title" }, link(block.title_url || block.video_url, plainParts(block.title))),
    block.description && h("div", { class: "quiet" }, plainParts(block.description)), picture(block.thumbnail_url, block.alt_text, "image-big"),
    h("div", { class: "quiet small" }, [block.author_name, block.provider_name].filter(Boolean).join(" · ") || "Video")),
  file: (block) => h("div", { class: "filecard" }, h("span", { class: "filecard-kind" }, "File"), h("span", {}, `${block.external_id || "file"} (${block.source || "remote"})`)),
  alert: (block) => h("div", { class: `alert alert-${/^(info|warning|error|success)$/.test(block.level) ? block.level : "default"}`, role: "note" },
    h("span", { class: "alert-word" }, ALERTS[block.level] || "Note"), textNode(block.text)),
  card,
};

const ALERTS = { info: "Note", warning: "Careful", error: "Problem", success: "Done" };
const fileOf = (file) => file?.url || (file?.id ? `/page/file/${encodeURIComponent(file.id)}` : null);

function card(block, surface) {
  const icon = block.icon ? picture(block.icon.image_url, block.icon.alt_text, "card-icon") : null;
  return h("div", { class: "card" }, block.hero_image && picture(block.hero_image.image_url, block.hero_image.alt_text, "card-hero"),
    h("div", { class: "card-head" }, icon, h("div", {}, textNode(block.title, "card-title"), textNode(block.subtitle, "quiet"))),
    textNode(block.body, "card-body"), block.actions?.length > 0 && h("div", { class: "actions" }, block.actions.map((item) => element(item, block, surface))));
}

let counter = 0;

function input(block, surface) {
  const id = `field-${++counter}`;
  const key = block.block_id;
  const error = surface.error(key);
  const grouped = ["radio_buttons", "checkboxes"].includes(block.element?.type);
  const label = h(grouped ? "legend" : "label", grouped ? { id: `${id}-label` } : { for: id, id: `${id}-label` }, plainParts(block.label), block.optional && h("span", { class: "optional" }, " (optional)"));
  const described = [block.hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ") || null;
  const field = control(block.element, { block, surface, id, dispatch: Boolean(block.dispatch_action), described, invalid: Boolean(error) });
  return h(grouped ? "fieldset" : "div", { class: `input${error ? " input-wrong" : ""}` }, label, field,
    error && h("div", { class: "input-error", id: `${id}-error`, role: "alert" }, error), block.hint && h("div", { class: "input-hint", id: `${id}-hint` }, plainParts(block.hint)));
}

function element(item, block, surface) {
  if (item.type === "image") return picture(item.image_url || fileOf(item.slack_file), item.alt_text, "image-small");
  if (item.type === "mrkdwn") return mrkdwn(item.text);
  return control(item, { block, surface, id: `field-${++counter}`, dispatch: true });
}

/** One line for previews and labels of messages that hold only blocks. */
export const firstWords = (message) => (message.text || message.plain || "").replace(/<[^>]*\|([^>]*)>/g, "$1").replace(/<@(\w+)>/g, (whole, id) => `@${world.person(id)?.name || id}`).slice(0, 120);
