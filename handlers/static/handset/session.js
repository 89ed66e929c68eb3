/** One USSD session as the network keeps it: its id, the answer shown last, and its two clocks. */

const WHOLE_SECONDS = 180; // Safaricom, Airtel and Equitel alike (Africa's Talking help centre)
const IDLE_SECONDS = { 63903: 60 }; // Airtel; the others give 30

/** Begins with the first answer of the network. */
export class Session {
  constructor(network, now = Date.now()) {
    this.idleSeconds = IDLE_SECONDS[network] ?? 30;
    this.startedAt = now;
    this.take({ session: null, open: true }, now);
  }

  /** Takes the network's next answer; the idle clock starts anew. */
  take(answer, now = Date.now()) {
    this.id = answer.session;
    this.isOpen = answer.open;
    this.answer = answer;
    this.lastAt = now;
  }

  /** Gives the seconds left { whole, idle }; zero or less once the network has ended it. */
  left(now = Date.now()) {
    const since = (then) => Math.floor((now - then) / 1000);
    return { whole: WHOLE_SECONDS - since(this.startedAt), idle: this.idleSeconds - since(this.lastAt) };
  }
}
