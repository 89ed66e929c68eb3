/** What a reload keeps: the phones with their numbers and last codes, and which messages were read. */

/** Gives what was kept under `name`, or `otherwise`. */
export function recall(name, otherwise) {
  try {
    return JSON.parse(localStorage.getItem(`handset.${name}`)) ?? otherwise;
  } catch {
    return otherwise; // storage is shut (private windows) or holds something strange: begin anew
  }
}

/** Keeps a plain value under `name`, where the browser allows it. */
export function keep(name, value) {
  try {
    localStorage.setItem(`handset.${name}`, JSON.stringify(value));
  } catch {
    // The phones work without; only a reload forgets.
  }
}
