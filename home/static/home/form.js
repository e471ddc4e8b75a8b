// Keeps what was typed across the reload of a cookie choice or the way to another language, and says when writing began.
// Without this file the form works just the same: the server checks everything, and the browser restores by itself.

const form = document.querySelector("form[data-draft]");
const KEY = "candor_draft"; // in this tab's storage, from leaving the page until the form is seen again
let asked = false, sending = false;

if (form) {
  restore();
  form.addEventListener("input", begin);
  form.addEventListener("submit", () => { sending = true; forget(); });
  addEventListener("pagehide", keep);
  addEventListener("pageshow", ({ persisted }) => { if (persisted) { sending = false; restore(); } });
  document.querySelector(".form-wrong")?.focus(); // where a browser does not heed autofocus
}

// When somebody began to write; a program that sends at once is told apart by it. Nobody is known by it.
async function begin() {
  if (asked) return;
  asked = true;
  try {
    const answer = await fetch(form.dataset.token, { cache: "no-store", credentials: "omit" });
    if (answer.ok) form.elements.token.value = (await answer.json()).token;
  } catch {} // the form is taken without one
}

// What a person wrote themselves: no file, no consent, nothing that the page brought along.
function written() {
  return [...form.elements].filter(({ name, type, dataset, parentElement }) =>
    name && name !== "homepage" && !["hidden", "file", "submit", "password"].includes(type)
    && !parentElement.hasAttribute("data-consent-tick"));
}

function isTick({ type }) {
  return type === "checkbox" || type === "radio";
}

function keep() {
  const values = written().filter((field) => isTick(field) ? field.checked : field.value)
    .map((field) => [field.name, field.value]);
  if (sending || !values.length) return; // what another form keeps stays
  store(() => sessionStorage.setItem(KEY, JSON.stringify({ form: form.dataset.draft, values })));
}

function restore() {
  const kept = store(() => JSON.parse(sessionStorage.getItem(KEY)));
  if (kept?.form !== form.dataset.draft) return;
  forget();
  if (document.querySelector(".form-wrong")) return; // the server brought along what was sent
  for (const field of written()) {
    const values = kept.values.filter(([name]) => name === field.name).map(([, value]) => value);
    if (isTick(field)) field.checked ||= values.includes(field.value);
    else if (!field.value && values.length) field.value = values[0];
  }
  begin();
}

function forget() {
  store(() => sessionStorage.removeItem(KEY));
}

// A browser may forbid storage.
function store(act) {
  try { return act(); } catch { return null; }
}
