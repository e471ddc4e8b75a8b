// Before the first paint: which choices of earlier visits still stand, and about which groups is this visitor asked?
(function () {
  const root = document.documentElement;
  // Each group names its bit, the number of the configuration since which a choice about it counts, and whether one of
  // its services sells or shares data.
  const groups = (root.dataset.consentGroups ?? "").split(" ").filter(Boolean).map((group) => group.split("."));
  if (!groups.length) return;
  // Format 2: series and number of the configuration, instant, last day, one bit per answer.
  const cookie = document.cookie.match(/(?:^|; )candor_consent=2\.([0-9a-f]{6})([0-9a-f]+)\.([0-9a-f]+)\.([0-9a-f]+)\.([0-9a-f]+)\./);
  const [number, decidedAt, lastDay] = (cookie?.slice(2, 5) ?? []).map((digits) => parseInt(digits, 16));
  const counts =
    cookie?.[1] === root.dataset.consentSeries &&
    Date.now() < lastDay * 864e5 &&
    decidedAt >= Number(root.dataset.askedAgainSince ?? 0);
  if (counts && number > Number(root.dataset.consentNumber)) {
    // A cache kept this page: the choice is about a later configuration, whose bits may mean something else here.
    // Nothing runs, and nobody is asked about what is no longer so.
    root.dataset.consent = "decided";
    return;
  }
  const mask = counts ? BigInt("0x" + cookie[5]) : 0n;
  const on = (bit) => (mask >> BigInt(bit)) & 1n;
  const standing = groups.filter(([, bit, since]) => number >= since && on(Number(bit) + 1));
  const asked = groups.filter((group) => !standing.includes(group));
  // A signal that came after the choice goes before it, and the site is told (W3C Global Privacy Control, 4).
  const signal = navigator.globalPrivacyControl === true;
  const heeded = standing.filter(([, , , sells]) => !(sells && signal && !on(0)));
  const names = (some) => some.map(([group]) => group).join(" ");
  root.dataset.consentStanding = names(heeded);
  root.dataset.consentAsked = names(asked);
  if (signal && (heeded.length < standing.length || asked.some(([, , , sells]) => sells))) root.dataset.consentSignal = "";
  if (!asked.length) root.dataset.consent = "decided";
})();
