// Banner, panel and placeholders. Without this file their forms and links do the same by themselves; what was allowed
// before has been let in by the script in the head, with which this one shares `candor.inner`.

const { inner } = candor;
const root = document.documentElement;
const host = document.querySelector("candor-consent");
const panel = host?.querySelector("dialog");
const banner = host?.querySelector(".consent-banner");
const keys = new Map(); // pressing the same button again repeats one decision; another press is another one
const tabs = new BroadcastChannel("candor");

const painted = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const boxes = (name) => all(`input[name=${name}]`, panel);
const allowedNow = () => Object.keys(candor.services).filter((key) => candor.services[key]);
const address = (end) => host.dataset.decide.replace("decide/", end);

// crypto.randomUUID exists in secure contexts only; a site may still be tried out over plain HTTP.
function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

async function send(to, said) {
  const body = JSON.stringify({ snapshot: host.dataset.snapshot, ...said });
  const headers = { "Content-Type": "application/json" };
  const answer = await fetch(address(to), { method: "POST", keepalive: true, headers, body }).catch(() => null);
  return { status: answer?.status, decided: answer?.ok ? await answer.json().catch(() => null) : null };
}

// The page answers the click at once; what was chosen takes effect when it is on record.
async function decide(said) {
  const press = JSON.stringify(said);
  if (!keys.has(press)) keys.set(press, newKey());
  const [shown, before] = [root.dataset.consent, allowedNow()];
  root.dataset.consent = "decided";
  tell();
  const sent = send("decide/", { ...said, key: keys.get(press) });
  fetchAhead(said);
  await painted();
  const { status, decided } = await sent;
  if (status) keys.delete(press);
  if (decided) {
    tabs.postMessage("");
    return takeEffect(before, navigator.cookieEnabled ? undefined : decided);
  }
  root.dataset.consent = shown;
  return tell(host.dataset.failed);
}

// The bytes of what was just allowed are on their way while the choice goes on record; nothing of it runs before.
function fetchAhead({ choices, services }) {
  for (const gate of all("template[data-consent-gate]")) {
    const { consentGate, service } = gate.dataset;
    if (!(services?.[service] ?? choices[consentGate]) || !permitted(service)) continue;
    for (const { src: href, crossOrigin } of all("script[src]:not([type])", gate.content)) {
      document.head.append(Object.assign(document.createElement("link"), { rel: "preload", as: "script", href, crossOrigin }));
    }
  }
}

// Do the headers that this page came with let a service load?
function permitted(service) {
  const { services, asked } = inner.first;
  const { consentCsp } = root.dataset;
  return !consentCsp || services[service] || (consentCsp === "decided" && asked.includes(inner.groupOf[service]));
}

async function takeEffect(before, said) {
  inner.judge(said);
  narrow();
  announce();
  const lost = before.filter((key) => !candor.services[key]);
  if (lost.length) {
    const { stop } = await import(host?.dataset.withdrawal ?? "");
    await stop(lost, address(`snapshot/${host.dataset.snapshot}.json`));
  }
  for (const embed of all("candor-embed:not([data-shown])")) {
    const { service } = embed.dataset;
    if (candor.services[service] && !permitted(service)) showWrapped(embed);
  }
  const waiting = all("template[data-consent-gate]").filter(({ content }) => content.querySelector(":not(link)"));
  const late = waiting.some(({ dataset: { service } }) => candor.services[service] && !permitted(service));
  if (!late && !lost.some((key) => inner.ran.has(key))) return inner.run();
  return written() ? tell(host.dataset.kept) : location.reload();
}

function announce() {
  const detail = { choices: { ...candor.choices }, services: { ...candor.services } };
  document.dispatchEvent(new CustomEvent("candor:consent", { detail }));
}

// Did somebody write something on this page that loading it again would lose?
function written() {
  return all("input:not([type=hidden]), textarea, select").some((field) => !host.contains(field) && changed(field));
}

function changed({ type, value, defaultValue, checked, defaultChecked, options }) {
  if (type === "checkbox" || type === "radio") return checked !== defaultChecked;
  if (!options) return value !== defaultValue;
  const given = [...options].some(({ defaultSelected }) => defaultSelected);
  return [...options].some((o, place) => o.selected !== (given || type !== "select-one" ? o.defaultSelected : !place));
}

// In the banner while it is there, else at the foot of the window.
function tell(message) {
  for (const place of all(".consent-message", host)) {
    place.hidden = !message || place.matches(".consent-note") !== (root.dataset.consent === "decided");
    place.textContent = place.hidden ? "" : message;
  }
}

// Who is asked about some groups again reads the names of their services alone.
function narrow() {
  const list = banner?.querySelector(".consent-services");
  const shown = [...(list?.children ?? [])].filter(({ dataset }) => inner.asked.includes(dataset.group));
  list?.replaceChildren(...shown.flatMap((service, place) => (place ? [list.dataset.comma, service] : [service])));
}

function open() {
  for (const box of boxes("service")) box.checked = candor.services[box.value];
  for (const box of boxes("group")) {
    box.checked = candor.choices[box.value];
    gather(box);
  }
  panel.showModal();
}

const servicesOf = (group) => boxes("service").filter(({ dataset }) => dataset.group === group.value);

// A group's tick says what those of its services say together.
function gather(group) {
  const own = servicesOf(group);
  const given = own.filter(({ checked }) => checked).length;
  if (own.length) group.checked = given === own.length;
  group.indeterminate = given > 0 && given < own.length;
}

function tick({ target }) {
  if (target.name === "group") for (const box of servicesOf(target)) box.checked = target.checked;
  else gather(boxes("group").find(({ value }) => value === target.dataset.group));
}

function submit(event) {
  const choice = event.submitter?.value;
  if (!choice) return;
  event.preventDefault();
  if (choice === "choose") return open();
  const inPanel = panel.contains(event.target);
  const source = inPanel ? "panel" : "banner";
  const answers = (name) => Object.fromEntries(boxes(name).map(({ value, checked }) => [value, checked]));
  const groups = inPanel ? boxes("group").map(({ value }) => value) : inner.asked;
  const choices = Object.fromEntries(groups.map((group) => [group, choice === "accept"]));
  panel.close();
  decide(choice === "save" ? { choices: answers("group"), services: answers("service"), source } : { choices, source, at_once: true });
  painted().then(() => {
    const { activeElement } = document; // the button that had the focus may be gone
    if (activeElement === document.body || banner.contains(activeElement)) document.querySelector("main")?.focus({ preventScroll: true });
  });
}

async function click(event) {
  const { target } = event;
  if (target.closest("[data-consent-settings]")) {
    event.preventDefault();
    return open();
  }
  const button = target.closest("candor-embed button");
  if (!button) return;
  const embed = button.closest("candor-embed");
  const { service } = embed.dataset;
  if (button.value === "always") await decide({ choices: {}, services: { [service]: true }, source: "embed" });
  else if ((await send("once/", { service, key: newKey() })).decided) showWrapped(embed);
  else tell(host.dataset.failed);
  embed.querySelector(":scope > iframe")?.focus();
}

// A page of this site whose own headers permit this one frame, whatever those of the page around it say.
function showWrapped(embed) {
  const frame = embed.querySelector("template").content.querySelector("iframe").cloneNode();
  frame.src = embed.dataset.frame;
  inner.show(embed, frame);
}

// Global Privacy Control: said once, for the cookie then knows. Where no cookie is kept nothing runs without a choice.
async function heed() {
  if (!inner.signal || !navigator.cookieEnabled) return;
  const before = allowedNow();
  const { decided } = await send("decide/", { choices: {}, source: "gpc", key: newKey() });
  if (decided) await takeEffect(before);
}

// Once a visit, when it goes on, and not a word about who came.
function countShowing() {
  if (root.dataset.consent === "decided" || document.referrer.startsWith(`${location.origin}/`)) return;
  const seen = new Blob([JSON.stringify({ snapshot: host.dataset.snapshot })], { type: "application/json" });
  addEventListener("pagehide", () => navigator.sendBeacon(address("shown/"), seen), { once: true });
}

customElements.define(
  "candor-consent",
  class extends HTMLElement {
    connectedCallback() {
      this.addEventListener("submit", submit);
      this.addEventListener("change", tick);
    }
  },
);

if (host) {
  const lookAgain = () => takeEffect(allowedNow());
  document.addEventListener("click", click);
  tabs.addEventListener("message", lookAgain);
  addEventListener("pageshow", ({ persisted }) => persisted && lookAgain());
  candor.open = open;
  narrow();
  if (Object.keys(candor.choices).length) announce();
  if (inner.wanted) open();
  await heed();
  countShowing();
} else if (location.search === "?saved") {
  tabs.postMessage(""); // chosen with the form of /consent/
}
