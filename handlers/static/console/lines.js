// j and k walk through the tickets of a list, o opens one; Enter does it by itself, since it is a link that has the focus.
import { mayPress } from "./keys.js";

function links() {
  return [...document.querySelectorAll("[data-line] a")].filter((link) => link.matches("[data-line] a:first-of-type"));
}

function walk(step) {
  const all = links();
  const line = document.activeElement?.closest("[data-line]");
  const here = all.findIndex((link) => line?.contains(link));
  const next = here < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(Math.max(here + step, 0), all.length - 1);
  all[next]?.focus();
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || !mayPress(event)) return;
  if (event.key === "j") walk(1);
  else if (event.key === "k") walk(-1);
  else if (event.key === "o") document.activeElement?.closest("[data-line]")?.querySelector("a")?.click();
});
