// Names as people type them, and as Slack keeps them: "@Pia Marsh" is <@U1>, "#team-pay" is <#C1>.

import { decode } from "./mrkdwn.js";
import { world } from "./world.js";

/** Names of people and channels become Slack's forms; a command only gets them when its manifest entry says so. */
export function named(text, how) {
  if (how === "plain") return text;
  let out = text;
  const people = [...world.people.values()].sort((a, b) => b.name.length - a.name.length);
  for (const person of people) out = swap(out, `@${person.name}`, how === "command" ? `<@${person.id}|${person.handle || person.name}>` : `<@${person.id}>`);
  if (how === "message") for (const all of ["here", "channel", "everyone"]) out = swap(out, `@${all}`, `<!${all}>`);
  const channels = [...world.channels.values()].filter((one) => one.kind === "channel").sort((a, b) => b.name.length - a.name.length);
  for (const channel of channels) out = swap(out, `#${channel.name}`, how === "command" ? `<#${channel.id}|${channel.name}>` : `<#${channel.id}>`);
  return out;
}

function swap(text, name, form) {
  let out = "";
  let rest = text;
  for (let at = rest.indexOf(name); at >= 0; at = rest.indexOf(name)) {
    const free = !/[\p{L}\p{N}<|]/u.test(rest[at - 1] || " ") && !/[\p{L}\p{N}_-]/u.test(rest[at + name.length] || " ");
    out += rest.slice(0, at) + (free ? form : name);
    rest = rest.slice(at + name.length);
  }
  return out + rest;
}

/** The other way: what Slack keeps, as a person would type it. */
export const asTyped = (text) => decode(text.replace(/<!(here|channel|everyone)>/g, "@$1").replace(/<@(\w+)[^>]*>/g, (whole, id) => (world.person(id) ? `@${world.person(id).name}` : whole))
  .replace(/<#(\w+)[^>]*>/g, (whole, id) => (world.channel(id) ? `#${world.channel(id).name}` : whole)));
