// Single keys: whatever bears data-key="x" or data-key="g x" is pressed by it, a field is entered.
// They rest while somebody types, while a dialog is open, and where they are switched off in the help.
import { areOn } from "./help.js";

const WAIT = 1500; // ms that a `g` waits for its second key
let begun = "";
let timer = 0;

const CHOSEN = "[type=radio], [type=checkbox]"; // no letter is typed into these

export function isTyping(target) {
  return target.isContentEditable || target.closest(`input:not(${CHOSEN}), textarea, select`) !== null;
}

export function mayPress(event) {
  const plain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.isComposing;
  return plain && areOn() && !isTyping(event.target) && !document.querySelector("dialog[open]");
}

function press(keys) {
  const found = document.querySelector(`[data-key="${CSS.escape(keys)}"]`);
  if (!found) return false;
  if (isTyping(found)) {
    found.focus();
    found.select?.();
  } else {
    found.click();
    found.dispatchEvent(new Event("pressed", { bubbles: true }));
  }
  return true;
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || !mayPress(event)) return;
  const keys = begun ? `${begun} ${event.key}` : event.key;
  clearTimeout(timer);
  begun = "";
  if (press(keys)) {
    event.preventDefault();
  } else if (event.key === "g") {
    begun = "g";
    timer = setTimeout(() => { begun = ""; }, WAIT);
  }
});
