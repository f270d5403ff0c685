// Times as a reader sees them: in the reader's own zone, and "today" by the workspace's clock.

import { world } from "./world.js";

const made = new Map();

function format(options, zone) {
  const key = JSON.stringify(options) + zone;
  if (!made.has(key)) made.set(key, new Intl.DateTimeFormat("en-GB", { ...options, timeZone: zone || "UTC" }));
  return made.get(key);
}

const parts = (at, zone, options) => Object.fromEntries(format(options, zone).formatToParts(at).map((part) => [part.type, part.value]));

export const time = (at, zone = world.zone) => format({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" }, zone).format(at);

/** 2026-11-21 in the given zone: sorts, compares, and fits date inputs. */
export function dayKey(at, zone = world.zone) {
  const got = parts(at, zone, { year: "numeric", month: "2-digit", day: "2-digit" });
  return `${got.year}-${got.month}-${got.day}`;
}

const shifted = (days) => new Date(world.now().getTime() + days * 86400000);

function near(at, zone) {
  const key = dayKey(at, zone);
  if (key === dayKey(world.now(), zone)) return "today";
  if (key === dayKey(shifted(-1), zone)) return "yesterday";
  return key === dayKey(shifted(1), zone) ? "tomorrow" : null;
}

const capital = (word) => word && word[0].toUpperCase() + word.slice(1);

export function day(at, zone = world.zone) {
  const got = parts(at, zone, { weekday: "short", day: "numeric", month: "short", year: "numeric" });
  return `${got.weekday} ${got.day} ${got.month} ${got.year}`;
}

export const dayOrNear = (at, zone = world.zone) => capital(near(at, zone)) || day(at, zone);

export const moment = (at, zone = world.zone) => `${day(at, zone)}, ${time(at, zone)}`;

export const fromTs = (ts) => new Date(Number.parseFloat(ts) * 1000);

const ORDINAL = new Intl.PluralRules("en", { type: "ordinal" });
const ENDING = { one: "st", two: "nd", few: "rd", other: "th" };

const written = {
  date_num: (at) => dayKey(at),
  date_slash: (at) => dayKey(at).replaceAll("-", "/"),
  date: (at) => long(at, {}),
  date_short: (at) => { const d = parts(at, world.zone, { month: "short", day: "numeric", year: "numeric" }); return `${d.month} ${d.day}, ${d.year}`; },
  date_long: (at) => long(at, { weekday: "long" }),
  time: (at) => time(at),
  time_secs: (at) => format({ hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" }, world.zone).format(at),
  ago: (at) => ago(at),
};

function long(at, more) {
  const got = parts(at, world.zone, { month: "long", day: "numeric", year: "numeric", ...more });
  return `${got.weekday ? `${got.weekday}, ` : ""}${got.month} ${got.day}${ENDING[ORDINAL.select(Number(got.day))]}, ${got.year}`;
}

function ago(at) {
  const seconds = (at - world.now()) / 1000;
  const words = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
  for (const [unit, size] of [["day", 86400], ["hour", 3600], ["minute", 60]]) if (Math.abs(seconds) >= size) return words.format(Math.round(seconds / size), unit);
  return words.format(Math.round(seconds), "second");
}

/** Slack's date tokens, as in `{date_short_pretty} at {time}`; an unknown token stays as written. */
export function dateToken(unix, pattern) {
  const at = new Date(Number(unix) * 1000);
  if (Number.isNaN(at.getTime())) return null;
  return pattern.replace(/\{([a-z_]+)\}/g, (whole, token, offset) => {
    const pretty = token.endsWith("_pretty") && near(at, world.zone);
    if (pretty) return offset === 0 ? capital(pretty) : pretty;
    return written[token.replace(/_pretty$/, "")]?.(at) ?? whole;
  });
}
