// Brings the numbers of a campaign on its way up to date, part by part. What has the focus, and what is open, stays.
const place = document.querySelector("[data-live-on]");
const MOST = 60_000; // milliseconds between two looks, however often nobody answered
let timer;

if (place) {
  wait(pause());
  document.addEventListener("visibilitychange", () => document.hidden ? clearTimeout(timer) : wait(0));
}

function pause() {
  return Number(place.dataset.liveEvery) * 1000;
}

function wait(milliseconds) {
  clearTimeout(timer);
  if (!document.hidden && place.hasAttribute("data-live-on")) timer = setTimeout(look, milliseconds, milliseconds);
}

async function look(waited) {
  try {
    const answer = await fetch(place.dataset.liveFrom, { cache: "no-store", redirect: "error" });
    if (!answer.ok) throw new Error(answer.statusText);
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const part of fresh.querySelectorAll("[data-live]")) show(part);
    if (fresh.querySelector("[data-live-over]")) place.removeAttribute("data-live-on");
    wait(pause());
  } catch {
    wait(Math.min(Math.max(waited, pause()) * 2, MOST)); // signed out, or the site is away
  }
}

function show(part) {
  const shown = place.querySelector(`[data-live="${part.dataset.live}"]`);
  if (!shown || shown.contains(document.activeElement)) return;
  const key = part.dataset.liveKey;
  const same = key === undefined ? shown.innerHTML === part.innerHTML : shown.dataset.liveKey === key;
  if (same) return;
  if (key !== undefined) shown.dataset.liveKey = key;
  shown.replaceChildren(...part.childNodes);
}
