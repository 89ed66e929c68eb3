// What is written in a form stays in this tab until the form is done, or left by its own link: the session may end
// meanwhile, or another form of the page be sent. It is kept for whoever wrote it: signing out forgets it, and so does
// somebody else's signing in.
const KEPT = "draft ";
const SENT = "sent draft"; // the form with words that was sent last, if no other was since, and when
const SOON = 60_000; // ms in which the page that says so follows
export const mine = `${KEPT}${document.body.dataset.me} `;

export function safely(use) {
  try {
    return use(sessionStorage);
  } catch {
    return null; // storage is full, or forbidden here
  }
}

export function addressOf(form) {
  return form.getAttribute("action") ?? location.pathname;
}

export function forget(isOurs) {
  safely((store) => Object.keys(store).filter(isOurs).forEach((key) => store.removeItem(key)));
}

// From here on the next page that says that something was done says it of this form.
export function noteSent(form) {
  safely((store) => store.setItem(SENT, JSON.stringify({ key: mine + addressOf(form), at: Date.now() })));
}

function chosen(form) {
  return [...form.querySelectorAll("[type=radio]:checked")].map((radio) => [radio.name, radio.value]);
}

function keep(form, areas) {
  const words = areas.map((area) => [area.name, { typed: area.value, over: area.defaultValue }]);
  const isWritten = areas.some((area) => area.value || area.value !== area.defaultValue);
  if (!isWritten) forget((key) => key === mine + addressOf(form));
  else safely((store) => store.setItem(mine + addressOf(form), JSON.stringify({ words, chosen: chosen(form) })));
}

// Puts words back where they were written over what stands there now, or where nothing does; with them what they were
// meant for, so that a note is not sent as an answer.
function bringBack(form, areas) {
  const kept = safely((store) => JSON.parse(store.getItem(mine + addressOf(form))));
  if (!kept) return;
  const words = new Map(kept.words);
  const open = areas.filter((area) => [words.get(area.name)?.over, ""].includes(area.defaultValue));
  const lost = open.filter((area) => words.has(area.name) && words.get(area.name).typed !== area.value);
  for (const area of lost) {
    area.value = words.get(area.name).typed;
    area.closest("details")?.setAttribute("open", "");
  }
  if (!lost.length) return;
  const meant = new Map(kept.chosen);
  for (const radio of form.querySelectorAll("[type=radio]")) if (meant.get(radio.name) === radio.value) radio.checked = true;
}

function dropWhatIsDone() {
  const sent = safely((store) => JSON.parse(store.getItem(SENT)));
  forget((key) => key === SENT);
  const isDone = document.querySelector(".flashes .notice-good") !== null; // after a sign-in there is none
  if (sent && isDone && Date.now() - sent.at < SOON) forget((key) => key === sent.key);
}

if (document.body.dataset.me) {
  forget((key) => key.startsWith(KEPT) && !key.startsWith(mine));
  dropWhatIsDone();
  document.addEventListener("submit", () => forget((key) => key === SENT), true); // before the form itself hears of it
  for (const form of document.querySelectorAll("form[method=post]:not([data-anew])")) {
    const areas = [...form.querySelectorAll("textarea")];
    if (!areas.length) continue;
    if (form.matches("[data-filled]")) keep(form, areas); // other words were just put in place of what was written
    else bringBack(form, areas);
    for (const change of ["input", "change", "filled"]) form.addEventListener(change, () => keep(form, areas));
    form.addEventListener("submit", (event) => {
      const to = event.submitter?.getAttribute("formaction") ?? addressOf(form);
      if (to !== addressOf(form)) return;
      keep(form, areas);
      noteSent(form);
    });
  }
  for (const link of document.querySelectorAll("form a[data-leave]")) {
    link.addEventListener("click", () => forget((key) => key === mine + addressOf(link.closest("form"))));
  }
  for (const door of document.querySelectorAll("[data-sign-out]")) {
    door.addEventListener("submit", () => forget((key) => key.startsWith(KEPT)));
  }
}
