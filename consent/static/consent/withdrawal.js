// Fetched only when something is withdrawn: frames are emptied, what was stored goes, and the browser itself keeps what
// still runs on this page from reaching anybody.

const all = (selector) => [...document.querySelectorAll(selector)];

export async function stop(lost, address) {
  for (const embed of all("candor-embed[data-shown]")) {
    if (!lost.includes(embed.dataset.service)) continue;
    embed.querySelector(":scope > iframe")?.remove();
    delete embed.dataset.shown;
  }
  // The configuration says what each service stores, and where it may go. Without it, nothing may go anywhere.
  const answer = await fetch(address).catch(() => null);
  const { groups } = answer?.ok ? await answer.json() : { groups: [] };
  if (lost.some((key) => candor.inner.ran.has(key))) silence(groups);
  sweep(groups, lost);
  addEventListener("pagehide", () => sweep(groups, lost));
}

// A policy in a <meta> counts from the moment it is there, beside that of the header (CSP Level 3, 3.3).
function silence(groups) {
  const may = ({ required }) => ({ key }) => required || candor.services[key];
  const left = groups.flatMap((group) => group.services.filter(may(group)));
  const own = `'self' ${document.documentElement.dataset.consentOwn ?? ""}`;
  const rules = ["script", "connect", "img", "frame"].map((kind) => {
    const origins = left.flatMap(({ origins, script_url, embeds }) => [
      ...origins[kind],
      ...(kind === "script" && script_url ? [new URL(script_url).origin] : []),
      ...(kind === "frame" ? embeds.map((host) => `https://${host}`) : []),
    ]);
    return `${kind}-src ${own} ${kind === "img" ? "data: " : ""}${origins.join(" ")}`;
  });
  const meta = document.createElement("meta");
  meta.httpEquiv = "Content-Security-Policy";
  meta.content = rules.join("; ");
  document.head.append(meta);
}

// The site's answer has taken the cookies that it got; a script that still ran may have written them anew, and what lies
// in the browser's storage no answer reaches.
function sweep(groups, lost) {
  for (const { name, match, party, service, storage, path } of groups.flatMap(({ cookies }) => cookies)) {
    if (party !== "first" || !lost.includes(service)) continue;
    const fits = {
      exact: (found) => found === name,
      prefix: (found) => found.startsWith(name),
      regex: (found) => new RegExp(`^(?:${name})$`).test(found),
    }[match];
    if (storage === "cookie") forgetCookies(fits, path);
    else forgetStored(`${storage}Storage`, fits);
  }
}

// A name may be in use for the host and for each domain above it, which are different cookies (RFC 6265, 5.3).
function forgetCookies(fits, path) {
  const labels = location.hostname.split(".");
  const domains = ["", ...labels.slice(0, -1).map((_label, place) => `; domain=${labels.slice(place).join(".")}`)];
  for (const name of document.cookie.split("; ").map((pair) => pair.split("=")[0]).filter(fits)) {
    const secure = name.startsWith("__") ? "; secure" : "";
    for (const domain of domains) document.cookie = `${name}=; max-age=0; path=${path || "/"}${domain}${secure}`;
  }
}

function forgetStored(where, fits) {
  try {
    for (const name of Object.keys(window[where]).filter(fits)) window[where].removeItem(name);
  } catch {
    // This browser keeps nothing, so there is nothing to take.
  }
}
