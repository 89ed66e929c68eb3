// The help of the keys, and the switch that turns them off (WCAG 2.1.4), kept in this browser.
const KEPT = "console-keys";
const help = document.getElementById("help");
const opener = document.querySelector("[data-help]");
const switched = document.querySelector("[data-keys-on]");

export function areOn() {
  try {
    return localStorage.getItem(KEPT) !== "off";
  } catch {
    return true; // storage is forbidden here
  }
}

if (help && opener && switched) {
  opener.hidden = false;
  opener.dataset.key = "?";
  opener.addEventListener("click", () => help.showModal());
  switched.checked = areOn();
  switched.addEventListener("change", () => {
    try {
      localStorage.setItem(KEPT, switched.checked ? "on" : "off");
    } catch {
      switched.checked = true;
    }
  });
}
