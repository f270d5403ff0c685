// Puts the page together.

import { byId, fill, h } from "./dom.js";
import { startChannel } from "./channel.js";
import { makeComposer } from "./composer.js";
import { startHeader } from "./header.js";
import { startHome } from "./home.js";
import { startInspector } from "./inspector.js";
import { startModals } from "./modal.js";
import { enter, load } from "./net.js";
import { startSidebar } from "./sidebar.js";
import { startThread } from "./thread.js";
import { showTour, startTour } from "./tour.js";
import { toast } from "./toast.js";
import { on, tell, world } from "./world.js";

async function visit(place, { remember = true } = {}) {
  document.body.classList.remove("with-places");
  if (place !== "home") {
    try { await load(place); } catch (error) { toast(error.message); return; }
  }
  world.place = place;
  if (remember) history.replaceState(null, "", `#${place}`);
  tell("place");
  if (document.activeElement === document.body || document.activeElement?.classList.contains("place")) byId("channel-name").querySelector("h1")?.focus({ preventScroll: true });
}

function keys(event) {
  if (event.key === "Escape" && document.body.classList.contains("with-places")) document.body.classList.remove("with-places");
  if (event.key === "k" && (event.metaKey || event.ctrlKey)) { event.preventDefault(); byId("sidebar-places").querySelector("button")?.focus(); document.body.classList.add("with-places"); }
}

async function start() {
  startHeader(() => showTour());
  startSidebar(visit);
  startHome(visit);
  startChannel();
  startModals();
  makeComposer(byId("composer"), { label: "Message" });
  startThread();
  startInspector();
  on("visit", visit);
  document.addEventListener("keydown", keys);
  document.addEventListener("click", (event) => { const channel = event.target.closest?.("[data-channel]")?.dataset.channel; if (channel) visit(channel); });
  try {
    const wanted = location.hash.slice(1);
    await enter(new URLSearchParams(location.search).get("as"), wanted || null);
  } catch (error) {
    fill(byId("messages"), h("div", { class: "empty" }, h("strong", {}, "There is nothing to show"), h("p", {}, error.message)));
    return;
  }
  document.body.classList.add("ready");
  performance.mark("ready");
  startTour(visit);
}

start();
