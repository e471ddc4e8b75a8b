// Printing and copying recovery codes: without this script the page still shows them and offers the file.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) continue; // an address that is not secure
  button.hidden = false;
  button.addEventListener("click", async () => {
    const items = document.getElementById(button.dataset.copy).querySelectorAll("li");
    await navigator.clipboard.writeText([...items].map((item) => item.textContent).join("\n"));
    button.textContent = button.dataset.done;
  });
}
