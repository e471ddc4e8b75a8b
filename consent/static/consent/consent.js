// The banner's behaviour and the gates. Without this file the banner's form and /consent/ do the same by themselves.

const COOKIE = /(?:^|; )candor_consent=1\.([0-9a-f]{12})\.([0-9a-f]+)\./;
const banner = document.querySelector("candor-consent");

function allowedGroups() {
  const match = document.cookie.match(COOKIE);
  if (!banner || !match || !banner.dataset.snapshot.startsWith(match[1])) return null;
  const mask = BigInt("0x" + match[2]);
  return new Set(banner.dataset.groups.split(" ").filter((_, place) => (mask >> BigInt(place)) & 1n));
}

function openGates(allowed) {
  for (const gate of document.querySelectorAll("template[data-consent-gate]")) {
    if (!allowed.has(gate.dataset.consentGate)) continue;
    gate.after(document.importNode(gate.content, true));
    gate.remove();
  }
}

function apply() {
  const allowed = allowedGroups();
  if (!allowed) return;
  document.documentElement.dataset.consent = "decided";
  // A task of its own, so that the page answers the click before the scripts start.
  setTimeout(() => openGates(allowed));
}

async function decide(event) {
  const choice = event.submitter?.value;
  if (!choice) return;
  event.preventDefault();
  // Pressing the same button again repeats one decision; pressing the other is another one.
  if (banner.dataset.choice !== choice) Object.assign(banner.dataset, { choice, key: newKey() });
  const groups = banner.dataset.groups.split(" ").filter(Boolean);
  const answer = await fetch("/consent/decide/", {
    method: "POST",
    keepalive: true,
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({
      choices: Object.fromEntries(groups.map((group) => [group, choice === "accept"])),
      snapshot: banner.dataset.snapshot,
      key: banner.dataset.key,
    }),
  }).catch(() => null);
  if (answer?.ok) {
    apply();
    return document.querySelector("main").focus({ preventScroll: true }); // the button that had it is gone
  }
  const message = banner.querySelector(".consent-message");
  message.textContent = banner.dataset.failed;
  message.hidden = false;
}

// crypto.randomUUID exists in secure contexts only; a site may still be tried out over plain HTTP.
function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

banner?.addEventListener("submit", decide);
// early.js has judged whether the choice of an earlier visit still stands.
if (document.documentElement.dataset.consent === "decided") apply();
