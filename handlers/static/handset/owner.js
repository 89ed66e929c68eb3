/** Whose phone it is: the form above a phone that gives it another number or network. */

import { kenyanMobile } from "./numbers.js";

const NOT_KENYAN = "This is not a Kenyan mobile number. Write it as 07XX XXX XXX, 01XX XXX XXX or +254.";

/** Makes the form work; `isTaken(number)` tells whether another phone here has the number already. */
export function listenToOwner(phone, isTaken, changed) {
  const details = phone.find(".owner details");
  const form = details.querySelector("form");
  details.querySelector("summary").addEventListener("click", () => fill(form, phone.line));
  details.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close(details);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const number = kenyanMobile(form.elements.number.value);
    const objection = objectionTo(number, phone.line.number, isTaken);
    form.querySelector(".objection").textContent = objection;
    if (objection) return form.elements.number.focus();
    phone.useLine({ number, network: form.elements.network.value });
    changed();
    close(details);
  });
}

function objectionTo(number, own, isTaken) {
  if (!number) return NOT_KENYAN;
  return number !== own && isTaken(number) ? "Another phone on this page has this number." : "";
}

function fill(form, line) {
  form.elements.number.value = line.number;
  form.elements.network.value = line.network;
  form.querySelector(".objection").textContent = "";
}

function close(details) {
  details.open = false;
  details.querySelector("summary").focus();
}
