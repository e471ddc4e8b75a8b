// The line about a change of the policy: hidden for whoever hid it before, and hidden at their click. Loaded in its
// place, so that the browser knows the element before it comes, and never paints a line that is hidden already.

const HIDDEN = "candor-hidden-policy-line";

customElements.define("policy-line", class extends HTMLElement {
  connectedCallback() {
    this.hidden = remembered() === this.dataset.version;
    this.addEventListener("click", (event) => event.target.closest("button") && this.dismiss());
  }

  // Nothing is stored before this click, and then a version's number alone.
  dismiss() {
    this.hidden = true;
    document.querySelector("main").focus({ preventScroll: true }); // the button that had it is gone
    try { localStorage.setItem(HIDDEN, this.dataset.version); } catch { /* a browser that stores nothing shows it again */ }
  }
});

function remembered() {
  try { return localStorage.getItem(HIDDEN); } catch { return null; }
}
