// The page's only way out: its own server on this machine. One state to start with, then changes as they happen.

import { takeClock, takeMessages, takeShell, tell, world } from "./world.js";
import { toast } from "./toast.js";

const token = document.querySelector("meta[name=page-token]")?.content || "";
let stream = null;
let first = JSON.parse(document.getElementById("state")?.textContent || "null"); // came with the page

const query = (more = {}) => new URLSearchParams({ as: world.me?.id || remembered() || "", ...more });
const remembered = () => { try { return sessionStorage.getItem("as"); } catch { return null; } };

async function get(path, more) {
  const answer = await fetch(`${path}?${query(more)}`, { headers: { "X-Page-Token": token } });
  if (!answer.ok) throw new Error((await answer.json().catch(() => ({}))).sentence || "The workspace did not answer.");
  return answer.json();
}

/**
 * Opens the stream of changes, which starts with everything as it is: so nothing falls between, also after a lost line.
 * The first time everything came with the page, and the stream has only to say what changed since.
 */
export async function enter(as, place = null) {
  const who = as || world.me?.id || remembered() || first?.me.id || "";
  if (world.me?.id !== who) world.place = place;
  const known = first?.me.id === who ? first : null;
  first = null;
  if (!known) return new Promise((done, failed) => listen(who, place, { done, failed }));
  await takeAll(known);
  return listen(who, place, { known: known.mark });
}

function listen(as, place, { known, done = () => {}, failed = () => {} } = {}) {
  stream?.close();
  const more = { developer: world.developer ? "yes" : "no", ...(place && place !== "home" ? { channel: place } : {}), ...(known ? { known } : {}) };
  const mine = new EventSource(`/page/live?${new URLSearchParams({ as, ...more })}`);
  stream = mine;
  const take = (name, use) => mine.addEventListener(name, (event) => mine === stream && use(JSON.parse(event.data)));
  take("state", (state) => takeAll(state).then(done, failed));
  take("shell", takeShell);
  take("clock", (clock) => takeClock(clock.at));
  take("messages", ({ channel, changed, gone }) => { if (world.messages.has(channel)) takeMessages(channel, changed, gone); });
  take("views", (views) => { world.views = views; tell("views"); });
  take("home", (home) => { world.home = home; tell("home"); });
  take("calls", (calls) => tell("calls", calls));
  mine.onopen = () => document.body.classList.remove("offline");
  mine.onerror = () => { document.body.classList.add("offline"); if (mine.readyState === EventSource.CLOSED) why().then(failed); };
}

/** A stream that was refused does not say why; a plain request does. */
const why = () => get("/page/state").then(() => new Error("Reload the page."), (error) => (error instanceof TypeError ? new Error("Is it still running?") : error));

async function takeAll(state) {
  try { sessionStorage.setItem("as", state.me.id); } catch { /* private window: the choice lasts for this page */ }
  const kept = world.place === "home" || state.channels.some((channel) => channel.id === world.place) ? world.place : null;
  world.messages = new Map();
  world.since ??= state.clock;
  Object.assign(world, { views: state.views, home: state.home, place: kept || state.channel });
  takeShell(state, true);
  takeMessages(state.channel, state.messages, [], true);
  if (world.place !== "home") await load(world.place);
  for (const name of ["clock", "shell", "place", "views", "home"]) tell(name); // each is drawn once
}

export async function load(channel) {
  if (!world.messages.has(channel)) takeMessages(channel, (await get("/page/messages", { channel })).messages, [], true);
}

/** Listens again, with or without requests for the developer. */
export const relisten = () => world.me && listen(world.me.id, world.place);

/** Does something as the chosen person; a refusal comes back as a sentence and is shown. */
export async function act(verb, body = {}, { quiet = false } = {}) {
  let reply;
  if (!quiet) world.acted = performance.now();
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
