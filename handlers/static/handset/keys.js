/** A phone's keys, the screen's soft-key labels and the computer's keyboard: all press the same things. */

import { Keypad } from "./keypad.js";
import { MODES } from "./modes.js";

const SCROLL = 60; // pixels per press, about three lines
const KEYBOARD = { Enter: "ok", Escape: "red", ArrowUp: "up", ArrowDown: "down" };

/** Makes the phone hear its keys. */
export function listen(phone) {
  const keypad = new Keypad(() => phone.field);
  const { element } = phone;
  element.addEventListener("click", (event) => click(phone, keypad, event.target));
  element.addEventListener("keydown", (event) => keydown(phone, keypad, event));
  // A key pressed with the mouse leaves the focus in the field, so that typing goes on there.
  element.querySelector(".shell").addEventListener("mousedown", (event) => {
    if (event.target.closest("input, textarea, .screen, .inbox")) return;
    event.preventDefault();
    if (!element.contains(document.activeElement)) phone.glass.focus();
  });
  phone.find(".dialled").addEventListener("input", (event) => phone.show(event.target.value ? "dialled" : "idle"));
  phone.find("textarea").addEventListener("input", (event) => countText(phone, event.target));
  phone.find(".messages").addEventListener("click", () => phone.openInbox());
}

/** Presses a key by its name: left, right, ok, up, down, green, red or clear. */
function press(phone, keypad, name) {
  const mode = MODES[phone.mode];
  if (name === "left" || name === "ok") return mode.left[1](phone);
  if (name === "right") return mode.right[1](phone);
  if (name === "green") return mode.green(phone);
  if (name === "red") return phone.hangUp();
  if (name === "clear") return keypad.erase();
  phone.find(mode.scrolls ?? ".screen").scrollBy(0, name === "up" ? -SCROLL : SCROLL);
}

function click(phone, keypad, target) {
  const key = target.closest("[data-press], .key, .letters");
  if (!key) return;
  if (key.matches(".key")) keypad.press(key);
  else if (key.matches(".letters")) switchLetters(keypad, key);
  else press(phone, keypad, key.dataset.press);
}

function switchLetters(keypad, button) {
  keypad.usesLetters = !keypad.usesLetters;
  button.textContent = keypad.usesLetters ? "abc" : "123";
  button.setAttribute("aria-pressed", keypad.usesLetters);
}

function keydown(phone, keypad, event) {
  const { key, target } = event;
  if (target.closest(".owner") || event.ctrlKey || event.metaKey || event.altKey || isNative(key, target)) return;
  if (KEYBOARD[key]) press(phone, keypad, KEYBOARD[key]);
  else if (key === "Backspace") keypad.erase();
  else if (key.length === 1) keypad.type(key);
  else return;
  event.preventDefault();
}

/** Tells what the browser does by itself: typing in a field, pressing the button that has the focus. */
function isNative(key, target) {
  if (target.closest("button")) return key === "Enter" || key === " ";
  if (target.matches("textarea")) return key !== "Enter" && key !== "Escape";
  return target.matches("input") && !KEYBOARD[key];
}

function countText(phone, area) {
  phone.find("[data-testid=sms-count]").textContent = area.value ? `${area.value.length} characters` : "";
}
