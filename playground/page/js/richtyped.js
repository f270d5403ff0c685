// A rich_text block as a person would type it: marks around words, signs before lines. The server reads it back into a block.

import { world } from "./world.js";

const MARKS = { bold: "*", italic: "_", strike: "~", code: "`" };

export const typedOf = (block) => (block?.elements || []).map(part).join("\n");

function part(element) {
  const words = line(element);
  if (element.type === "rich_text_preformatted") return `\`\`\`\n${words}\n\`\`\``;
  if (element.type === "rich_text_quote") return words.split("\n").map((one) => `> ${one}`).join("\n");
  if (element.type === "rich_text_list") return element.elements.map((item, at) => `${element.style === "ordered" ? `${at + 1}.` : "•"} ${line(item)}`).join("\n");
  return words.replace(/\n$/, "");
}

const line = (element) => (element.elements || []).map(inline).join("");

function inline(item) {
  const words = bare(item);
  const inner = words.trim(); // a mark stands right at its words
  return inner ? words.replace(inner, () => Object.entries(MARKS).reduce((text, [name, mark]) => (item.style?.[name] ? mark + text + mark : text), inner)) : words;
}

function bare(item) {
  switch (item.type) {
    case "user": return `@${world.person(item.user_id)?.name || item.user_id}`;
    case "channel": return `#${world.channel(item.channel_id)?.name || item.channel_id}`;
    case "usergroup": return `@${world.group(item.usergroup_id)}`;
    case "broadcast": return `@${item.range}`;
    case "emoji": return `:${item.name}:`;
    case "link": return item.text && item.text !== item.url ? `${item.text} (${item.url})` : item.url;
    default: return item.text ?? item.fallback ?? item.value ?? "";
  }
}
