// The desk on a ticket's page: canned replies go after what was typed, Ctrl+Enter sends, and one press sends once.

const desk = document.querySelector("[data-desk]");

function fillIn(select, words) {
  const chosen = select.selectedOptions[0]?.dataset.words;
  if (!chosen) return;
  words.value = words.value.trim() ? `${words.value.trimEnd()} ${chosen}` : chosen;
  select.value = "";
  words.focus();
  words.dispatchEvent(new Event("filled", { bubbles: true }));
}

if (desk) {
  const words = desk.querySelector("#words");
  const select = desk.querySelector("[data-canned]");
  desk.querySelector("[data-canned-button]")?.setAttribute("hidden", "");
  select?.addEventListener("change", () => fillIn(select, words));
  words.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) desk.requestSubmit(desk.querySelector("[data-send]"));
  });
  // Who chose by a letter or a click writes next; who walks through the choices with the arrows is left there.
  desk.addEventListener("pressed", () => words.focus());
  desk.addEventListener("click", (event) => {
    if (event.detail && event.target.closest(".what")) words.focus();
  });
  document.getElementById("refused")?.scrollIntoView({ block: "center" });
}

// ms after which a form may be sent again: the page stays where a file was brought, or the request was stopped on a slow
// link. The server knows the same press, and refuses what was written over another version.
const AGAIN = 5000;

for (const form of document.querySelectorAll("form[method=post]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "yes";
    setTimeout(() => delete form.dataset.sent, AGAIN);
  });
}
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});
