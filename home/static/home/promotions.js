// Which promotion does this visitor see? Chosen here, so that pages are the same bytes for everybody. What was read
// before is kept only with permission, in this browser alone, and is never sent.
(() => {
  const KEY = "candor_promotions";
  const [DAYS, MOST] = [30, 30];
  const { names, sources, count } = document.currentScript.dataset;
  const day = (ago) => new Date(Date.now() - ago * 864e5).toISOString().slice(0, 10);
  const today = day(0);
  const allowed = () => Boolean(window.candor?.services?.promotions);
  const told = new Set();

  const host = document.referrer ? new URL(document.referrer).hostname : "";
  const said = new URLSearchParams(location.search).get("utm_source")?.toLowerCase();
  const came = (source) => source === said || source === host || host.endsWith(`.${source}`);

  function store(act) {
    try {
      return act(localStorage);
    } catch {
      return null; // This browser keeps nothing, or what it kept is not ours.
    }
  }

  const keep = (history) => store((storage) => storage.setItem(KEY, JSON.stringify(history)));
  const forget = () => store((storage) => storage.removeItem(KEY));

  // What was kept, as far as it is no older than it may be.
  function recent({ first, last, read, seen }) {
    const limit = day(DAYS);
    const lately = Object.entries(read).filter(([, [, on]]) => on >= limit);
    return last < limit ? null : { first: first < limit ? limit : first, last: today, read: Object.fromEntries(lately), seen: last === today ? seen : {} };
  }

  const kept = () => store((storage) => recent(JSON.parse(storage.getItem(KEY)))) ?? { first: today, last: today, read: {}, seen: {} };

  function note() {
    const history = kept();
    const from = JSON.parse(sources).filter(came).map((source) => `f:${source}`);
    for (const name of [...JSON.parse(names), ...from]) {
      const { [name]: [times] = [0], ...others } = history.read;
      history.read = { [name]: [times + 1, today], ...others }; // the latest first
    }
    history.read = Object.fromEntries(Object.entries(history.read).slice(0, MOST));
    keep(history);
    return history;
  }

  function fits({ promotion, from, until, rules }) {
    const now = Date.now();
    if (now < Date.parse(from) || now >= Date.parse(until)) return false;
    const { source, returning, read = [], cap, place } = JSON.parse(rules);
    if (!history) return place || (!returning && !read.length && !cap && (!source || came(source)));
    const times = (name) => history.read[name]?.[0] ?? 0;
    const known = !source || came(source) || times(`f:${source}`);
    const fit = known && (!returning || history.first < today) && read.every(([name, least]) => times(name) >= least);
    return fit && !(history.seen[promotion] >= cap);
  }

  // Was it chosen by what this visitor did before?
  function targeted({ rules }) {
    const { source, returning, read } = JSON.parse(rules);
    return Boolean(history && (source || returning || read));
  }

  function tell(act, { dataset }, by) {
    const { promotion } = dataset;
    const key = `${act} ${promotion}`;
    if (!count || told.has(key)) return;
    told.add(key);
    const body = JSON.stringify({ promotion: Number(promotion), act, targeted: by });
    const headers = { "Content-Type": "application/json" };
    const way = { method: "POST", keepalive: true, credentials: "omit", referrerPolicy: "no-referrer" };
    fetch(count, { ...way, headers, body }).catch(() => {});
  }

  function take(slot) {
    const found = [...slot.querySelectorAll("[data-promotion]")];
    const all = found.map((each) => ({ dataset: each.dataset, card: each.content?.firstElementChild ?? each }));
    let shown, by, timer;

    function choose() {
      const fitting = all.filter(({ dataset }) => fits(dataset));
      let point = Math.random() * fitting.reduce((sum, { dataset }) => sum + Number(dataset.weight), 0);
      shown = fitting.find(({ dataset }) => (point -= dataset.weight) < 0);
      by = shown ? targeted(shown.dataset) : false;
      slot.replaceChildren(...(shown ? [shown.card] : []));
      slot.dataset.chosen = shown?.dataset.promotion ?? "";
      // The room stays, unless nobody can see it go.
      slot.hidden = !shown && slot.getBoundingClientRect().top > innerHeight;
    }

    function seen() {
      if (!shown || document.visibilityState !== "visible") return;
      const { promotion } = shown.dataset;
      tell("seen", shown, by);
      watch.disconnect();
      if (!history) return;
      history = kept();
      history.seen[promotion] = (history.seen[promotion] ?? 0) + 1;
      keep(history);
    }

    const watch = new IntersectionObserver(
      (entries) => {
        clearTimeout(timer);
        if (entries.at(-1).intersectionRatio >= 0.5) timer = setTimeout(seen, 1000);
      },
      { threshold: 0.5 },
    );
    const follow = ({ target }) => shown && target.closest("a") && tell("followed", shown, by);
    choose();
    watch.observe(slot);
    slot.addEventListener("click", follow);
    slot.addEventListener("auxclick", follow);
    return () => by && choose();
  }

  let history = null;
  if (allowed()) history = note();
  else forget();
  const again = [...document.querySelectorAll(".promotion")].map(take);

  document.addEventListener("candor:consent", () => {
    if (allowed()) history ??= note();
    else {
      history = null;
      forget();
      for (const choose of again) choose();
    }
  });
})();
