// Before a page's own first line: notes paints, shifts, long tasks, events, the marks of the gated things, and when the
// banner is seen and gone. SELECTOR is the banner's, or null where none is looked for.
((selector) => {
  if (top !== self) return;
  const found = { shift: 0, lcp: null, tasks: [], events: [], gates: {}, seen: null, gone: null, click: null };
  const tell = (what) => globalThis.benchTold?.(what);
  let banner = null;
  let inView = false;
  globalThis.bench = found;

  const observe = (type, note, options = {}) =>
    new PerformanceObserver((list) => list.getEntries().forEach(note)).observe({ type, buffered: true, ...options });
  observe("largest-contentful-paint", ({ startTime, element }) => {
    found.lcp = { at: startTime, banner: Boolean(banner && element && banner.contains(element)) };
  });
  observe("layout-shift", (entry) => {
    if (!entry.hadRecentInput) found.shift += entry.value;
  });
  observe("longtask", ({ startTime, duration }) => found.tasks.push([startTime, duration]));
  observe("event", noteEvent, { durationThreshold: 16 });
  observe("mark", ({ name, startTime }) => noteGate(name, startTime));
  addEventListener("message", ({ data }) => noteGate(String(data), performance.now())); // from the frame

  function noteGate(name, at) {
    if (!name.startsWith("gate-") || name in found.gates) return;
    found.gates[name] = at;
    if (Object.keys(found.gates).length === 5) tell("all");
  }

  function noteEvent({ name, startTime, duration, processingStart, processingEnd, interactionId }) {
    if (interactionId) found.events.push({ name, startTime, duration, handler: processingEnd - processingStart });
  }

  // Ahead of timers, so that it is the frame's own time and not that of whatever runs after it.
  const afterFrame = (note) => scheduler.postTask(() => note(performance.now()), { priority: "user-blocking" });
  const shows = () => banner.isConnected && banner.checkVisibility({ opacityProperty: true, visibilityProperty: true });

  function noteSeen(now) {
    found.seen ??= now;
    tell("seen");
  }

  function lookFor() {
    banner = document.querySelector(selector);
    if (!banner) return requestAnimationFrame(lookFor);
    new IntersectionObserver((entries) => {
      inView = entries.at(-1).isIntersecting;
      if (inView) waitUntilItShows();
    }).observe(banner);
  }

  function waitUntilItShows() {
    if (shows()) afterFrame(noteSeen);
    else if (inView) requestAnimationFrame(waitUntilItShows);
  }

  function waitUntilItIsGone() {
    if (inView && shows()) return requestAnimationFrame(waitUntilItIsGone);
    afterFrame((now) => {
      found.gone = now;
      tell("gone");
    });
  }

  if (!selector) return;
  requestAnimationFrame(lookFor);
  addEventListener(
    "click",
    (event) => {
      found.click = event.timeStamp;
      requestAnimationFrame(waitUntilItIsGone);
    },
    { capture: true, once: true },
  );
})(SELECTOR);
