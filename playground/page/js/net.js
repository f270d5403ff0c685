// The page's only way out: its own server on this machine. One state to start with, then changes as they happen.

import { takeClock, takeMessages, takeShell, tell, world } from "./world.js";
import { toast } from "./toast.js";

const token = document.querySelector("meta[name=page-token]")?.content || "";
let stream = null;

const query = (more = {}) => new URLSearchParams({ as: world.me?.id || remembered() || "", ...more });
const remembered = () => { try { return sessionStorage.getItem("as"); } catch { return null; } };

async function get(path, more) {
  const answer = await fetch(`${path}?${query(more)}`, { headers: { "X-Page-Token": token } });
  if (!answer.ok) throw new Error((await answer.json().catch(() => ({}))).sentence || "The workspace did not answer.");
  return answer.json();
}

/** Listens first and loads then, so that nothing falls between; after a lost connection it loads anew. */
export function enter(as, place) {
  const who = as || world.me?.id || remembered() || "";
  return new Promise((done, failed) => listen(who, () => refresh(who, place).then(done, failed)));
}

async function refresh(as, place) {
  const keep = place ?? (world.me?.id === as ? world.place : null);
  const state = await get("/page/state", { as, ...(keep && keep !== "home" ? { channel: keep } : {}) });
  try { sessionStorage.setItem("as", state.me.id); } catch { /* private window: the choice lasts for this page */ }
  world.messages = new Map([[state.channel, []]]);
  Object.assign(world, { views: state.views, home: state.home, place: keep === "home" ? "home" : state.channel });
  takeShell(state);
  takeMessages(state.channel, state.messages);
  for (const name of ["place", "views", "home"]) tell(name);
}

export async function load(channel) {
  if (world.messages.has(channel)) return;
  const got = await get("/page/messages", { channel });
  takeMessages(channel, got.messages);
}

function listen(as, opened) {
  stream?.close();
  const mine = new EventSource(`/page/live?${new URLSearchParams({ as, developer: world.developer ? "yes" : "no" })}`);
  stream = mine;
  let first = true;
  const take = (name, use) => mine.addEventListener(name, (event) => mine === stream && use(JSON.parse(event.data)));
  take("shell", takeShell);
  take("clock", (clock) => takeClock(clock.at));
  take("messages", ({ channel, changed, gone }) => { if (world.messages.has(channel)) takeMessages(channel, changed, gone); });
  take("views", (views) => { world.views = views; tell("views"); });
  take("home", (home) => { world.home = home; tell("home"); });
  take("calls", (calls) => tell("calls", calls));
  take("reload", () => refresh(world.me?.id || as));
  mine.onopen = () => {
    document.body.classList.remove("offline");
    if (first) opened();
    else refresh(world.me?.id || as).catch(() => {});
    first = false;
  };
  mine.onerror = () => document.body.classList.add("offline");
}

/** Listens again, with or without requests for the developer. */
export const relisten = () => world.me && listen(world.me.id, () => {});

/** Does something as the chosen person; a refusal comes back as a sentence and is shown. */
export async function act(verb, body = {}, { quiet = false } = {}) {
  let reply;
  try {
    const answer = await fetch(`/page/do/${verb}`, { method: "POST", headers: { "Content-Type": "application/json", "X-Page-Token": token }, body: JSON.stringify({ as: world.me.id, ...body }) });
    reply = await answer.json();
    if (answer.status === 403) reply.sentence = "The workspace was started anew. Reload this page.";
  } catch {
    reply = { ok: false, sentence: "The workspace did not answer. Is it still running?" };
  }
  if (!reply.ok && reply.sentence && !quiet) toast(reply.sentence);
  return reply;
}

export const calls = () => get("/page/calls");
export const tour = () => get("/page/tour.json");

export async function upload(file) {
  const answer = await fetch(`/page/file?${query({ name: file.name })}`, { method: "POST", headers: { "X-Page-Token": token, "Content-Type": "application/octet-stream" }, body: file });
  return answer.json();
}
