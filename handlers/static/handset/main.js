/** The table the phones lie on: puts them there, adds and removes them, and keeps their clocks and inboxes going. */

import { keep, recall } from "./memory.js";
import { kenyanMobile } from "./numbers.js";
import { listenToOwner } from "./owner.js";
import { Phone } from "./phone.js";

const MOST = 4;
const POLL_MS = 2000;
const table = document.querySelector("#phones");
const add = document.querySelector("#add");
const phones = [];

/** Gives the first sample number, +254700000001 and on, that no phone here has. */
function freeNumber() {
  for (let n = 1; ; n += 1) {
    const number = `+254${700000000 + n}`;
    if (!isTaken(number)) return number;
  }
}

function isTaken(number) {
  return phones.some((phone) => phone.line.number === number);
}

function newLine() {
  return { number: freeNumber(), network: phones.length % 2 ? "63903" : "63902", lastCode: table.dataset.serviceCode };
}

function keepLines() {
  keep("phones", phones.map((phone) => phone.line));
}

function place(line) {
  const element = document.querySelector("#handset").content.firstElementChild.cloneNode(true);
  table.append(element);
  const phone = new Phone(element, line, keepLines);
  phones.push(phone);
  listenToOwner(phone, isTaken, keepLines);
  phone.find(".remove").addEventListener("click", () => remove(phone));
  phone.tick();
  phone.poll();
  return phone;
}

function remove(phone) {
  phone.hangUp();
  phone.element.remove();
  phones.splice(phones.indexOf(phone), 1);
  lineUp();
  add.focus();
}

/** Remembers the phones; there is always one, and never more than fit side by side. */
function lineUp() {
  add.disabled = phones.length >= MOST;
  for (const phone of phones) phone.find(".remove").hidden = phones.length === 1;
  keepLines();
}

function begin() {
  const kept = recall("phones", []).filter((line) => kenyanMobile(line?.number ?? ""));
  for (const line of kept.slice(0, MOST)) place({ ...newLine(), ...line });
  while (phones.length < 2 && !kept.length) place(newLine());
  lineUp();
  phones[0].glass.focus();
}

/** Asks for messages while the page is seen; the next round waits for this one, however slow the answers are. */
async function poll() {
  if (!document.hidden) await Promise.all(phones.map((phone) => phone.poll()));
  setTimeout(poll, POLL_MS);
}

add.addEventListener("click", () => {
  const phone = place(newLine());
  lineUp();
  phone.glass.focus();
});
setInterval(() => phones.forEach((phone) => phone.tick()), 1000);
setTimeout(poll, POLL_MS);
addEventListener("pagehide", () => phones.forEach((phone) => phone.hangUp()));
begin();
