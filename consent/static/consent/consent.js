// The banner's behaviour and the gates. Without this file the banner's form and /consent/ do the same by themselves.

const MASK = /(?:^|; )candor_consent=2(?:\.[0-9a-f]+){3}\.([0-9a-f]+)\./;
const root = document.documentElement;
const banner = document.querySelector("candor-consent");
const named = (groups) => (groups ?? "").split(" ").filter(Boolean);
let asked = named(root.dataset.consentAsked);

function openGates(allowed) {
  // A task of its own, so that the page answers the click before the scripts start.
  setTimeout(() => {
    for (const gate of document.querySelectorAll("template[data-consent-gate]")) {
      if (!allowed(gate.dataset)) continue;
      gate.after(document.importNode(gate.content, true));
      gate.remove();
    }
  });
}

// early.js has judged which choices still stand. Of any other group nothing runs, whatever the cookie says of its services.
function openStanding() {
  const standing = named(root.dataset.consentStanding);
  if (!standing.length) return;
  const mask = BigInt("0x" + (document.cookie.match(MASK)?.[1] ?? "0"));
  openGates(({ consentGate, bit }) => standing.includes(consentGate) && (mask >> BigInt(bit)) & 1n);
}

// Who is asked about some groups again reads the names of their services alone.
function narrow() {
  if (!asked.length) root.dataset.consent = "decided";
  const list = banner?.querySelector(".consent-services");
  const shown = [...(list?.children ?? [])].filter((service) => asked.includes(service.dataset.group));
  list?.replaceChildren(...shown.flatMap((service, place) => (place ? [", ", service] : [service])));
}

async function send(said) {
  const answer = await fetch(banner.dataset.decide, {
    method: "POST",
    keepalive: true,
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ snapshot: banner.dataset.snapshot, ...said }),
  }).catch(() => null);
  return { status: answer?.status, decided: answer?.ok ? await answer.json().catch(() => null) : null };
}

async function decide(event) {
  const choice = event.submitter?.value;
  if (!choice) return;
  event.preventDefault();
  // Pressing the same button again repeats one decision; pressing the other is another one.
  if (banner.dataset.choice !== choice) Object.assign(banner.dataset, { choice, key: newKey() });
  const choices = Object.fromEntries(asked.map((group) => [group, choice === "accept"]));
  const { status, decided } = await send({ choices, key: banner.dataset.key });
  if (decided) {
    asked = [];
    narrow();
    openGates(({ service }) => decided.services[service]);
    return document.querySelector("main").focus({ preventScroll: true }); // the button that had it is gone
  }
  if (status) delete banner.dataset.choice; // it was answered: the next press is no repetition
  const message = banner.querySelector(".consent-message");
  message.textContent = banner.dataset.failed;
  message.hidden = false;
}

// Global Privacy Control: said once, for the cookie then knows. Where no cookie is kept nothing runs without a choice.
async function heed() {
  if (!banner || root.dataset.consentSignal === undefined || !navigator.cookieEnabled) return;
  const { decided } = await send({ choices: {}, source: "gpc", key: newKey() });
  if (!decided) return;
  asked = asked.filter((group) => !(group in decided.choices));
  narrow();
}

// crypto.randomUUID exists in secure contexts only; a site may still be tried out over plain HTTP.
function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

// Once a visit, and not a word about who came.
function countShowing() {
  if (root.dataset.consent === "decided" || document.referrer.startsWith(`${location.origin}/`)) return;
  const seen = new Blob([JSON.stringify({ snapshot: banner.dataset.snapshot })], { type: "application/json" });
  navigator.sendBeacon?.(banner.dataset.decide.replace(/decide\/$/, "shown/"), seen);
}

banner?.addEventListener("submit", decide);
openStanding();
narrow();
await heed();
if (banner) countShowing();
