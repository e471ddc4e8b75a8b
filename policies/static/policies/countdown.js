// Counts down to the instant of each announced version. Without this file the words of the server stay.

const written = document.documentElement.lang;
const language = navigator.languages.find((known) => known.split("-")[0] === written.split("-")[0]) ?? written;
const UNITS = [["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];
const here = new Intl.DateTimeFormat(language, {
  day: "numeric", month: "long", year: "numeric", hour: "2-digit", minute: "2-digit", timeZoneName: "short",
});
const joined = new Intl.ListFormat(language, { type: "unit", style: "short" });

function inWords(seconds) {
  const parts = [];
  for (const [unit, size] of UNITS) {
    const number = Math.floor(seconds / size);
    seconds -= number * size;
    if (!number && !parts.length && unit !== "second") continue; // no leading zeros
    parts.push(new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "long" }).format(number));
  }
  return joined.format(parts);
}

function follow(countdown) {
  const instant = new Date(countdown.dataset.instant);
  const [left, local] = countdown.children;
  local.textContent = `${countdown.dataset.label} ${here.format(instant)}`;
  const tick = () => {
    const seconds = Math.ceil((instant - Date.now()) / 1000);
    left.textContent = seconds > 0 ? inWords(seconds) : countdown.dataset.done;
    // On the second, and not at all where nobody looks: a hidden tab is brought up to date when it is seen again.
    if (seconds > 0) setTimeout(() => (document.hidden ? wake(tick) : tick()), (instant - Date.now()) % 1000 || 1000);
  };
  tick();
}

function wake(tick) {
  document.addEventListener("visibilitychange", tick, { once: true });
}

document.querySelectorAll(".countdown").forEach(follow);
