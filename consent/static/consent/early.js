// Before the first paint: a visitor whose choice about this configuration still stands sees no banner.
(function () {
  const root = document.documentElement;
  const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"; // base64url: RFC 4648, 5
  // Format, snapshot, choices, and the first 48 bits of the decision's UUID: its instant in milliseconds (RFC 9562, 5.7).
  const cookie = document.cookie.match(/(?:^|; )candor_consent=1\.([0-9a-f]{12})\.[0-9a-f]+\.([\w-]{8})/);
  if (!cookie || !root.dataset.snapshot?.startsWith(cookie[1])) return;
  const chosenAt = [...cookie[2]].reduce((bits, digit) => bits * 64 + DIGITS.indexOf(digit), 0);
  if (chosenAt >= Number(root.dataset.askedAgainSince ?? 0)) root.dataset.consent = "decided";
})();
