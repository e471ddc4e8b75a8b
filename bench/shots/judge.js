// What is wrong with the page as it stands? A list of sentences.
({ language, isPublic, names }) => {
  const found = [];
  const say = (what, element, more = "") => {
    const path = [];
    for (let at = element; at && at !== document.body && path.length < 3; at = at.parentElement) {
      path.unshift(at.tagName.toLowerCase() + (at.id ? `#${at.id}` : at.classList.length ? `.${at.classList[0]}` : ""));
    }
    const words = (element.textContent || "").trim().replace(/\s+/g, " ").slice(0, 40);
    found.push(`${what}: ${path.join(" > ")}${words ? ` “${words}”` : ""}${more}`);
  };
  const shows = (element) => {
    if (!element.checkVisibility({ opacityProperty: true, visibilityProperty: true, contentVisibilityAuto: true })) return false;
    const box = element.getBoundingClientRect();
    if (box.width < 3 || box.height < 3) return false;
    for (let at = element; at; at = at.parentElement) {
      const style = getComputedStyle(at);
      if (style.clipPath !== "none" || (style.clip !== "auto" && style.position === "absolute")) return false;
    }
    return true;
  };
  const isFixed = (element) => {
    for (let at = element; at; at = at.parentElement) {
      if (["fixed", "sticky"].includes(getComputedStyle(at).position)) return true;
    }
    return false;
  };
  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth + 1) {
    found.push(`wider than its window: ${root.scrollWidth} instead of ${root.clientWidth} pixels`);
    for (const element of document.body.querySelectorAll("*")) {
      const box = element.getBoundingClientRect();
      if ((box.right > root.clientWidth + 2 || box.left < -2) && shows(element) && !element.firstElementChild) {
        say("reaches out of the window", element, ` (${Math.round(box.left)} to ${Math.round(box.right)})`);
        if (found.length > 6) break;
      }
    }
  }
  if (![...document.styleSheets].length) found.push("no stylesheet is loaded");
  const said = (element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
  const words = [...document.body.querySelectorAll("h1, p, td, li, div")].find((each) => said(each) && shows(each));
  if (words && /^"?Times/.test(getComputedStyle(words).fontFamily)) found.push("the page is unstyled");
  for (const image of document.images) {
    if (image.complete && !image.naturalWidth && shows(image)) say("a picture that did not load", image);
  }
  for (const element of document.body.querySelectorAll("*")) {
    const style = getComputedStyle(element);
    const cuts = ["hidden", "clip"].includes(style.overflowX) && element.scrollWidth > element.clientWidth + 1;
    const owns = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
    if (cuts && owns && element.clientWidth > 3 && style.textOverflow !== "ellipsis" && shows(element)) say("cut off", element);
  }
  const acts = [...document.querySelectorAll(
    "a[href], button, input:not([type=hidden]), select, textarea, summary, [role=button]",
  )].filter((element) => shows(element) && !isFixed(element));
  const lines = acts.map((element) => [...element.getClientRects()].filter((box) => box.width > 2 && box.height > 2));
  for (const button of isPublic ? acts.filter((element) => element.localName === "button") : []) {
    const style = getComputedStyle(button);
    const isBare = style.backgroundColor === "rgba(0, 0, 0, 0)" && style.borderStyle === "none";
    if (isBare && style.textDecorationLine === "none" && button.textContent.trim().length > 1) say("no sign of a button", button);
  }
  let overlaps = 0;
  for (let one = 0; one < acts.length && overlaps < 6; one++) {
    for (let other = one + 1; other < acts.length; other++) {
      if (acts[one].contains(acts[other]) || acts[other].contains(acts[one])) continue;
      const meet = lines[one].some((a) => lines[other].some((b) =>
        Math.min(a.right, b.right) - Math.max(a.left, b.left) > 4 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 4));
      if (!meet) continue;
      overlaps++;
      say("overlaps another control", acts[one], ` and ${acts[other].tagName.toLowerCase()} “${acts[other].textContent.trim().slice(0, 30)}”`);
    }
  }
  if (language) {
    const letters = { ru: /\p{Script=Cyrillic}/u, ar: /\p{Script=Arabic}/u }[language];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (letters && walker.nextNode()) {
      const element = walker.currentNode.parentElement;
      const text = walker.currentNode.textContent.trim();
      if (!element || element.closest("code, pre, address, script, style, noscript, [translate=no], bdi, a[hreflang]")) continue;
      const spoken = element.closest("[lang]");
      if (spoken && !spoken.lang.startsWith(language)) continue;
      const words = text.match(/[A-Za-z]{2,}/g) || [];
      const few = element.closest("button, summary, legend, label, th, h1, h2") ? 1 : 2;
      if (words.length >= few && !letters.test(text) && !/[@/]/.test(text) && !names.some((name) => text.includes(name)) && shows(element)) say("not translated", element);
    }
  }
  return [...new Set(found)];
}
