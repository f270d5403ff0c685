// What the page knows: who looks, people and channels by id, and the workspace's clock. Everyone draws from it.

const listeners = new Map();

export const world = {
  me: null, zone: "UTC", people: new Map(), channels: new Map(), groups: new Map(), app: { commands: [], shortcuts: [] },
  messages: new Map(), since: null, acted: -Infinity, views: [], home: null, clock: { at: 0, read: 0 }, place: null, thread: null, developer: false,

  person: (id) => world.people.get(id),
  channel: (id) => world.channels.get(id),
  group: (id) => world.groups.get(id) || id,
  now: () => new Date(world.clock.at + (performance.now() - world.clock.read)),
  here: () => world.messages.get(world.place) || [],
};

/** Names of what changed: shell, messages, views, home, clock, place, thread, calls; and `visit`, a place to go to. */
export function on(names, draw) {
  for (const name of names.split(" ")) listeners.set(name, [...(listeners.get(name) || []), draw]);
}

export function tell(name, detail) {
  for (const draw of listeners.get(name) || []) draw(detail);
}

export function takeShell(shell, quietly = false) {
  world.me = shell.me;
  world.zone = shell.me.zone || "UTC";
  world.people = new Map(shell.people.map((person) => [person.id, person]));
  world.channels = new Map(shell.channels.map((channel) => [channel.id, channel]));
  world.groups = new Map((shell.groups || []).map((group) => [group.id, group.name]));
  world.app = shell.app;
  world.clock = { at: shell.clock, read: performance.now() };
  if (!quietly) for (const name of ["clock", "shell"]) tell(name);
}

export function takeClock(at) {
  world.clock = { at, read: performance.now() };
  tell("clock");
}

/** An ephemeral message lasts as long as the page, as in Slack: those from before it was loaded are not drawn. */
const lasts = (message) => !message.ephemeral || message.ts * 1000 >= world.since;

/** Puts changed messages in their place by time; returns those that are new. */
export function takeMessages(channel, sent, gone = [], quietly = false) {
  const changed = sent.filter(lasts);
  const known = new Map((world.messages.get(channel) || []).map((message) => [message.key, message]));
  const fresh = changed.filter((message) => !known.has(message.key));
  for (const message of changed) known.set(message.key, message);
  for (const key of gone) known.delete(key);
  world.messages.set(channel, [...known.values()].sort((a, b) => a.ts - b.ts || a.key.localeCompare(b.key)));
  if (!quietly) tell("messages", { channel, fresh });
  return fresh;
}
