// Times as a reader sees them: in the reader's own zone, and "today" by the workspace's clock.

import { world } from "./world.js";

const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
const DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const made = new Map();
const two = (number) => String(number).padStart(2, "0");

/** The numbers of a moment in a zone. Temporal has them at once; an Intl format, for browsers without it, takes 25 ms to be made. */
function parts(at, zone = world.zone) {
  const got = globalThis.Temporal ? Temporal.Instant.fromEpochMilliseconds(Math.floor(at.getTime())).toZonedDateTimeISO(zone || "UTC") : read(at, zone || "UTC");
  const weekday = DAYS[new Date(Date.UTC(got.year, got.month - 1, got.day)).getUTCDay()];
  return { year: got.year, month: MONTHS[got.month - 1], day: got.day, weekday, key: `${got.year}-${two(got.month)}-${two(got.day)}`, time: `${two(got.hour)}:${two(got.minute)}`, second: two(got.second) };
}

function read(at, zone) {
  const numbers = { year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" };
  if (!made.has(zone)) made.set(zone, new Intl.DateTimeFormat("en-GB", { ...numbers, timeZone: zone }));
  return Object.fromEntries(made.get(zone).formatToParts(at).map((part) => [part.type, Number(part.value)]));
}

export const time = (at, zone) => parts(at, zone).time;

/** 2026-11-21 in the given zone: sorts, compares, and fits date inputs. */
export const dayKey = (at, zone) => parts(at, zone).key;

const shifted = (days) => new Date(world.now().getTime() + days * 86400000);

function near(at, zone) {
  const key = dayKey(at, zone);
  if (key === dayKey(world.now(), zone)) return "today";
  if (key === dayKey(shifted(-1), zone)) return "yesterday";
  return key === dayKey(shifted(1), zone) ? "tomorrow" : null;
}

const capital = (word) => word && word[0].toUpperCase() + word.slice(1);

export function day(at, zone) {
  const got = parts(at, zone);
  return `${got.weekday.slice(0, 3)} ${got.day} ${got.month.slice(0, 3)} ${got.year}`;
}

export const dayOrNear = (at, zone) => capital(near(at, zone)) || day(at, zone);

export const moment = (at, zone) => `${day(at, zone)}, ${time(at, zone)}`;

export const fromTs = (ts) => new Date(Number.parseFloat(ts) * 1000);

const ending = (number) => (Math.floor(number / 10) === 1 ? "th" : { 1: "st", 2: "nd", 3: "rd" }[number % 10] || "th");

const written = {
  date_num: (at) => dayKey(at),
  date_slash: (at) => dayKey(at).replaceAll("-", "/"),
  date: (at) => long(at),
  date_short: (at) => { const got = parts(at); return `${got.month.slice(0, 3)} ${got.day}, ${got.year}`; },
  date_long: (at) => `${parts(at).weekday}, ${long(at)}`,
  time: (at) => time(at),
  time_secs: (at) => `${time(at)}:${parts(at).second}`,
  ago: (at) => ago(at),
};

function long(at) {
  const got = parts(at);
  return `${got.month} ${got.day}${ending(got.day)}, ${got.year}`;
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
