/** One USSD session as the network keeps it: its id, the answer shown last, and its two clocks. */

const WHOLE_SECONDS = 180; // Safaricom, Airtel and Equitel alike (Africa's Talking help centre)
const IDLE_SECONDS = { 63903: 60 }; // Airtel; the others give 30

/** Begins with the first answer of the network. */
export class Session {
  constructor(network, now = Date.now()) {
    this.idleSeconds = IDLE_SECONDS[network] ?? 30;
    this.startedAt = now;
    this.id = null; // the network gives it with the first answer
    this.isOpen = true;
    this.isWaiting = true;
  }

  /** What a phone does meanwhile: a name in MODES. */
  get mode() {
    if (this.isWaiting) return "waiting";
    return this.isOpen ? "asked" : "told";
  }

  /** Takes the network's next answer; the idle clock starts anew. */
  take(answer, now = Date.now()) {
    this.id = answer.session;
    this.isOpen = answer.open;
    this.isWaiting = false;
    this.answer = answer;
    this.lastAt = now;
  }

  /** Gives the seconds left { whole, idle }, zero or less once the network has ended it; null when no clock runs. */
  left(now = Date.now()) {
    if (this.mode !== "asked") return null;
    const since = (then) => Math.floor((now - then) / 1000);
    return { whole: WHOLE_SECONDS - since(this.startedAt), idle: this.idleSeconds - since(this.lastAt) };
  }
}
