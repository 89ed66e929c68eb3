/** One phone: it dials, answers, hangs up, reads and writes SMS. What it looks like is glass.js's concern. */

import { Glass } from "./glass.js";
import { Inbox } from "./inbox.js";
import { listen } from "./keys.js";
import { MODES } from "./modes.js";
import * as network from "./network.js";
import { Session } from "./session.js";

const INPUT_LIMIT = { 63902: 80, 63903: 90 }; // characters per answer (Africa's Talking help centre)

export class Phone {
  /** `line` is { number, network, lastCode }; `changed` is called whenever it has changed. */
  constructor(element, line, changed) {
    this.element = element;
    this.line = line;
    this.changed = changed;
    this.session = null;
    this.glass = new Glass(element);
    listen(this);
    this.useLine(line);
  }

  /** Becomes the phone of another number: the call ends, the inbox is that number's. */
  useLine(line) {
    Object.assign(this.line, line);
    this.inbox = new Inbox(line.number, this.find(".inbox ol"));
    this.inbox.draw();
    this.find(".answer").maxLength = INPUT_LIMIT[line.network] ?? 160;
    this.glass.showLine(this.line);
    this.hangUp();
  }

  find(selector) {
    return this.element.querySelector(selector);
  }

  get field() {
    const { field } = MODES[this.mode];
    return field ? this.find(field) : null;
  }

  show(mode) {
    this.mode = mode;
    this.glass.show(mode);
  }

  goHome() {
    this.find(".dialled").value = "";
    this.show("idle");
  }

  /** Leaves the messages for where the phone was before. */
  goBack() {
    if (this.session) this.show(this.session.mode);
    else this.goHome();
  }

  redial() {
    this.find(".dialled").value = this.line.lastCode;
    return this.call();
  }

  /** Dials what stands in the dial field. */
  call() {
    const code = this.find(".dialled").value.trim();
    if (!code) return this.goHome();
    this.endSession();
    this.line.lastCode = code;
    this.changed();
    return this.turn(new Session(this.line.network), network.dial(this.line.number, code, this.line.network));
  }

  /** Sends what stands in the answer field; an empty answer is sent too, as phones do. */
  send() {
    return this.turn(this.session, network.answer(this.session.id, this.find(".answer").value));
  }

  /** Waits for the network's answer and shows it, unless the call was ended meanwhile. */
  async turn(session, question) {
    this.session = session;
    session.isWaiting = true;
    this.show(session.mode);
    const answer = await question.catch((fault) => ({ session: session.id, open: false, error: fault.message }));
    if (this.session !== session) {
      if (answer.open) drop(answer.session);
      return;
    }
    session.take(answer);
    this.glass.showAnswer(answer);
    this.show(session.mode);
  }

  hangUp() {
    this.endSession();
    this.glass.clearAnswer();
    this.goHome();
  }

  endSession() {
    if (this.session?.isOpen) drop(this.session.id);
    this.session = null;
  }

  openInbox() {
    this.inbox.read();
    this.glass.showUnread(0);
    this.show("inbox");
  }

  /** Sends the SMS that was written; it stays to be tried again where that fails. */
  async sendText() {
    const area = this.find("textarea");
    const text = area.value.trim();
    if (!text) return;
    area.disabled = true;
    try {
      const { status, error } = await network.sendText(this.line.number, text);
      area.value = "";
      const cause = error ?? `it answered ${status}`;
      this.glass.explain(status === 200 ? "" : `The gateway did not take it, the carrier tries again: ${cause}.`);
      this.openInbox();
    } catch (fault) {
      this.glass.explain(`Message not sent. ${fault.message}`);
    } finally {
      area.disabled = false;
      area.dispatchEvent(new Event("input"));
    }
  }

  /** Looks for new messages; what comes while the inbox is open counts as read. */
  async poll() {
    const { inbox } = this;
    const fresh = await inbox.fetch().catch(() => null);
    if (inbox !== this.inbox) return;
    this.glass.showReach(fresh !== null);
    if (this.mode === "inbox") inbox.read();
    this.glass.showUnread(inbox.unread);
    if (fresh && inbox.unread) this.glass.buzz();
  }

  /** Moves the clocks on; a session whose time is over has been ended by the network. */
  tick() {
    const left = this.session?.left();
    this.glass.showTime(this.session?.answer, left);
    if (!left || Math.min(left.whole, left.idle) > 0) return;
    const cause = left.whole > 0 ? `nothing was sent for ${this.session.idleSeconds} s` : "it lasted its full 180 s";
    this.endSession();
    this.glass.showAnswer({ screen: "Session timed out.", error: `The network ended the session: ${cause}.` });
    if (this.mode === "asked") this.show("told");
  }
}

function drop(session) {
  if (session) network.drop(session).catch(() => {}); // already gone, or the network is: nothing is left to end
}
