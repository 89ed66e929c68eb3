/** The keypad: digits at once, or letters by pressing a key until the one that is meant comes. */

const SAME_LETTER_MS = 1000; // after this pause the same key begins the next letter

/** Types keys into whatever field `field()` gives at that moment. */
export class Keypad {
  constructor(field) {
    this.field = field;
    this.usesLetters = false;
    this.last = { key: null, turn: 0, at: 0 };
  }

  /** Presses one key: a button that carries `data-digit` and `data-letters`. */
  press(key) {
    const letters = this.usesLetters ? key.dataset.letters : "";
    if (!letters) return this.type(key.dataset.digit);
    const isNext = this.last.key !== key || Date.now() - this.last.at > SAME_LETTER_MS;
    const turn = isNext ? 0 : this.last.turn + 1;
    if (!isNext) this.erase();
    const choices = letters + key.dataset.digit;
    this.type(choices[turn % choices.length]);
    this.last = { key, turn, at: Date.now() };
  }

  /** Puts text where the caret stands, as far as the field has room. */
  type(text) {
    this.last.key = null;
    const field = this.field();
    if (!field || field.value.length >= field.maxLength) return;
    field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
    field.dispatchEvent(new Event("input"));
  }

  /** Takes away what is selected, or the character before the caret. */
  erase() {
    this.last.key = null;
    const field = this.field();
    if (!field) return;
    const { selectionStart: from, selectionEnd: to } = field;
    field.setRangeText("", from === to ? Math.max(0, from - 1) : from, to, "end");
    field.dispatchEvent(new Event("input"));
  }
}
