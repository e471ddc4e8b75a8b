// Before the first paint: a visitor who already decided about this configuration sees no banner.
(function () {
  const root = document.documentElement;
  const snapshot = root.dataset.snapshot;
  if (snapshot && document.cookie.includes("candor_consent=1." + snapshot.slice(0, 12) + ".")) {
    root.dataset.consent = "decided";
  }
})();
