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

/** Loads everything for one person and starts listening; the open channel comes along. */
export async function enter(as, place) {
  const state = await get("/page/state", { ...(as ? { as } : {}), ...(place ? { channel: place } : {}) });
  try { sessionStorage.setItem("as", state.me.id); } catch { /* private window: the choice lasts for this page */ }
  world.messages = new Map();
  takeShell(state);
  world.place = state.channel;
  takeMessages(state.channel, state.messages);
  Object.assign(world, { views: state.views, home: state.home });
  for (const name of ["place", "views", "home"]) tell(name);
  listen(state.revision);
}

export async function load(channel) {
  if (world.messages.has(channel)) return;
  const got = await get("/page/messages", { channel });
  takeMessages(channel, got.messages);
}

function listen(revision) {
  stream?.close();
  stream = new EventSource(`/page/live?${query({ revision, token })}`);
  const take = (name, use) => stream.addEventListener(name, (event) => use(JSON.parse(event.data)));
  take("shell", takeShell);
  take("clock", (clock) => takeClock(clock.at));
  take("messages", ({ channel, changed, gone }) => { if (world.messages.has(channel)) takeMessages(channel, changed, gone); });
  take("views", (views) => { world.views = views; tell("views"); });
  take("home", (home) => { world.home = home; tell("home"); });
  take("calls", (calls) => tell("calls", calls));
  stream.onopen = () => document.body.classList.remove("offline");
  stream.onerror = () => document.body.classList.add("offline");
}

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
