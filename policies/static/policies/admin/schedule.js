// Lets the publish button say what it will do with the instant that is in the form, before that is saved.
document.addEventListener("DOMContentLoaded", () => {
  const field = document.querySelector('input[name="go_live_at"]');
  const button = document.querySelector('button[name="action-publish"][data-policy-now]');
  if (!field || !button) return;
  const label = button.querySelector('[data-w-progress-target="label"]');
  const saved = { when: field.value.trim(), label: label.textContent };

  function relabel() {
    const when = field.value.trim();
    const typed = when ? button.dataset.policyTyped.replace("{}", when) : button.dataset.policyNow;
    label.textContent = when === saved.when ? saved.label : typed;
  }

  for (const event of ["input", "change", "blur"]) field.addEventListener(event, relabel);
  // Closing the dialog puts the saved value back without telling the field; the picker writes without telling it.
  document.addEventListener("w-dialog:hidden", () => setTimeout(relabel));
  for (const event of ["focusin", "pointerover"]) button.addEventListener(event, relabel);
});
