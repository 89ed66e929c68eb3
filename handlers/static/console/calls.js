// A call that was sent and not confirmed (the session had ended, the token was another session's, the server was away)
// stays whole in this tab until it is: number, words and choices together. The form offers it, and never puts it in by
// itself: one caller's words must not meet the number of the next.
import { addressOf, forget, mine, noteSent, safely } from "./drafts.js";

const form = document.querySelector("form[data-anew]");
const offer = document.querySelector("[data-offer]");

function keep() {
  const typed = [...new FormData(form)].filter(([name]) => name !== "csrf_token");
  safely((store) => store.setItem(mine + addressOf(form), JSON.stringify(typed)));
}

// All of it, also the press of the button: a call that was opened although nobody heard of it is not opened again.
function putBack(typed) {
  for (const [name, value] of typed) if (form.elements[name]) form.elements[name].value = value;
  form.elements.phone.dispatchEvent(new Event("change", { bubbles: true })); // whose open cases are asked for anew
  form.elements.words.focus();
}

function offerWhatIsKept() {
  const typed = safely((store) => JSON.parse(store.getItem(mine + addressOf(form))));
  const isHere = new Map(typed).get("press") === form.elements.press.value; // refused: it stands in the form
  if (!typed || isHere) return;
  offer.hidden = false;
  offer.querySelector("[data-put-back]").addEventListener("click", () => putBack(typed));
  offer.querySelector("[data-forget]").addEventListener("click", () => forget((key) => key === mine + addressOf(form)));
  offer.addEventListener("click", (event) => {
    if (event.target.closest("button")) offer.hidden = true;
  });
}

if (form && offer) {
  offerWhatIsKept();
  form.addEventListener("submit", () => {
    keep();
    noteSent(form);
  });
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    if (event.detail.xhr.getResponseHeader("HX-Redirect")) keep(); // led to the sign-in while it is written
  });
}
