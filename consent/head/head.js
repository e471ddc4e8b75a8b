// Runs in every page before anything is painted, the same bytes for everybody, and lets in what was allowed before.
// What is shared with the module consent.js is `candor.inner`; the rest of `candor` is for the site's own scripts.
(() => {
  const root = document.documentElement;
  const { dataset } = root;
  const words = (text) => (text ?? "").split(" ").filter(Boolean).map((word) => word.split("."));
  // Each group: key, bit, the number since which a choice counts, "sells".
  const groups = words(dataset.consentGroups);
  // Each service: key, bit, group.
  const services = words(dataset.consentServices);
  // Each of Google's storage types, and the services that need it.
  const google = words(dataset.consentGoogle);
  // Services of which a script has started here.
  const ran = new Set();
  const candor = (window.candor = { choices: {}, services: {}, open() { candor.inner.wanted = true; } });
  let policy;

  // The cookie: series and number of the configuration, instant, last day, one bit per answer. `said` is an answer of
  // the site that no cookie could keep.
  function judge(said) {
    const cookie = document.cookie.match(
      /(?:^|; )candor_consent=2\.([0-9a-f]{6})([0-9a-f]+)\.([0-9a-f]+)\.([0-9a-f]+)\.([0-9a-f]+)\./,
    );
    const [number, decidedAt, lastDay] = (cookie?.slice(2, 5) ?? []).map((digits) => parseInt(digits, 16));
    const counts =
      cookie?.[1] === dataset.consentSeries &&
      Date.now() < lastDay * 864e5 &&
      decidedAt >= (dataset.askedAgainSince ?? 0);
    // A cache kept this page: the choice is about a later configuration, whose bits may mean something else here.
    const late = counts && number > dataset.consentNumber;
    const mask = counts && !late ? BigInt("0x" + cookie[5]) : 0n;
    const on = (bit) => Boolean((mask >> BigInt(bit)) & 1n);
    const decided = groups.filter(([, bit, since]) => number >= since && on(+bit + 1));
    // A signal that came after the choice goes before it, and the site is told (W3C Global Privacy Control, 4).
    const signal = navigator.globalPrivacyControl === true;
    const refused = decided.filter(([, , , sells]) => sells && signal && !on(0));
    const answers = decided.map((group) => [group[0], !refused.includes(group) && on(group[1])]);
    candor.choices = { ...Object.fromEntries(answers), ...said?.choices };
    const standing = decided.filter((group) => !refused.includes(group)).map(([key]) => key);
    const allowed = services.map(([key, bit, group]) => [key, standing.includes(group) && on(bit)]);
    candor.services = { ...Object.fromEntries(allowed), ...said?.services };
    const asked = late ? [] : groups.map(([key]) => key).filter((key) => !(key in candor.choices));
    const sells = groups.some(([key, , , sells]) => sells && asked.includes(key));
    Object.assign(candor.inner, { asked, signal: signal && (refused.length > 0 || sells) });
    dataset.consent = asked.length ? "asked" : "decided";
    tellGoogle(decided.length || said ? "update" : "");
  }

  // Consent Mode v2: what Google's tags may store. "default" comes before any of them, for it is called from here.
  function tellGoogle(what) {
    if (!what || !google.length) return;
    const state = ([type, ...needed]) => [
      type,
      what === "default" || !needed.some((key) => candor.services[key]) ? "denied" : "granted",
    ];
    window.dataLayer ??= [];
    (function () { window.dataLayer.push(arguments); })("consent", what, Object.fromEntries(google.map(state)));
  }

  // A template is complete once something follows it, or everything has arrived.
  function complete(node) {
    if (document.readyState !== "loading") return true;
    while (node && !node.nextSibling) node = node.parentNode;
    return Boolean(node);
  }

  function copyOf(template) {
    const copy = document.importNode(template.content, true);
    for (const script of copy.querySelectorAll("script")) {
      ran.add(template.dataset.service);
      // Without it: in their order, though fetched side by side.
      if (script.src) script.async = script.hasAttribute("async");
      else script.replaceWith(written(script));
    }
    return copy;
  }

  // A copy of code that stands in the page needs the page's word for it, where Trusted Types are required.
  function written(script) {
    const fresh = document.createElement("script");
    for (const { name, value } of script.attributes) fresh.setAttribute(name, value);
    policy ??= window.trustedTypes?.createPolicy("candor", { createScript: (text) => text }) ?? { createScript: String };
    fresh.text = policy.createScript(script.text);
    return fresh;
  }

  function show(embed, frame) {
    if ("shown" in embed.dataset) return;
    embed.dataset.shown = "";
    embed.append(frame ?? copyOf(embed.querySelector("template")));
  }

  function run() {
    for (const gate of document.querySelectorAll("[data-consent-gate]")) {
      if (!(candor.services[gate.dataset.service] || "advanced" in gate.dataset) || !complete(gate)) continue;
      if (gate.localName !== "template") show(gate);
      else gate.replaceWith(copyOf(gate));
    }
  }

  const groupOf = Object.fromEntries(services.map(([key, , group]) => [key, group]));
  candor.inner = { judge, run, show, ran, groupOf };
  if (!dataset.consentSeries) return;
  tellGoogle("default");
  judge();
  // What this page's headers permit: of what is not decided, all that the browser's signal does not refuse.
  const open = ([key, , , sells]) => candor.inner.asked.includes(key) && !(sells && navigator.globalPrivacyControl);
  candor.inner.first = { services: candor.services, asked: groups.filter(open).map(([key]) => key) };
  run();
  const watch = new MutationObserver(run);
  if (Object.values(candor.services).some(Boolean)) watch.observe(document, { childList: true, subtree: true });
  document.addEventListener("DOMContentLoaded", () => {
    watch.disconnect();
    run();
  });
})();
