/** What a phone shows: its screen, and the small print under it that a citizen never sees. */

import { MODES } from "./modes.js";
import { spaced } from "./numbers.js";

const LIMIT = 160; // GSM-7 characters a USSD answer may have, CON or END included
const NO_ANSWER = "Connection problem or invalid MMI code.";
const NETWORKS = { 63902: "Safaricom", 63903: "Airtel", 63907: "Telkom", 63999: "Equitel" };
const DATE = { weekday: "long", day: "numeric", month: "long" };

/** Fills one phone's elements; it decides nothing. */
export class Glass {
  constructor(element) {
    this.element = element;
    this.find = (selector) => element.querySelector(selector);
  }

  /** Shows the line's number and network. */
  showLine({ number, network }) {
    const name = NETWORKS[network] ?? network;
    this.element.setAttribute("aria-label", `Phone ${spaced(number)}`);
    this.element.dataset.number = number;
    this.find(".number").textContent = spaced(number);
    this.find(".network").textContent = name;
    this.find(".carrier").textContent = name;
  }

  /** Shows the view of a mode and names the soft keys; keeps the keyboard's focus on the phone that had it. */
  show(mode) {
    const focused = document.activeElement;
    this.element.dataset.mode = mode;
    for (const view of this.element.querySelectorAll(".view")) {
      view.hidden = !view.dataset.view.split(" ").includes(mode);
    }
    this.find(".reply").hidden = mode !== "asked";
    this.find(".letters").hidden = mode !== "asked" && mode !== "writing";
    for (const side of ["left", "right"]) this.label(side, MODES[mode][side][0]);
    if (this.element.contains(focused) && focused.closest(".glass")) this.focus();
  }

  label(side, name) {
    this.find(`.labels .${side}`).textContent = name;
    const key = this.find(`.soft[data-press=${side}]`);
    key.setAttribute("aria-label", name || "No use now");
    key.disabled = !name;
  }

  /** Puts the keyboard's focus where typing or scrolling works in this mode. */
  focus() {
    const { field, scrolls } = MODES[this.element.dataset.mode];
    // On a touch screen a focused field opens a keyboard that hides half the phone.
    const target = field && (field === ".dialled" || !matchMedia("(pointer: coarse)").matches) ? field : scrolls;
    if (target) this.find(target).focus({ preventScroll: true });
  }

  /** Shows the network's answer, or what a phone shows when there was none. */
  showAnswer({ screen, length, error }) {
    const text = screen || (error ? NO_ANSWER : "");
    this.find(".screen").textContent = text;
    this.find(".screen").scrollTop = 0;
    this.find(".answer").value = "";
    const count = this.find(".count span");
    count.textContent = length && !error ? `${length}/${LIMIT}` : "";
    count.classList.toggle("over", length > LIMIT);
    const cut = length > LIMIT ? `${length} characters: a phone would cut this screen after ${LIMIT}.` : "";
    this.explain(error ?? cut);
    this.find("[data-testid=spoken]").textContent = text;
  }

  clearAnswer() {
    this.showAnswer({ screen: "" });
  }

  /** Says why something failed, outside the phone. */
  explain(cause) {
    this.find(".cause").textContent = cause;
  }

  /** Shows the clocks: the time of day, and what is `left` of an open session in seconds. */
  showTime(answer, left) {
    const now = new Date();
    const clock = now.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
    this.find(".clock").textContent = clock;
    this.find(".hour").textContent = clock;
    this.find(".date").textContent = now.toLocaleDateString("en-GB", DATE);
    const facts = answer?.answer_ms == null ? [] : [`Answer in ${answer.answer_ms} ms`];
    this.find(".timing").textContent = facts.concat(left ? remaining(left) : []).join(" · ");
  }

  /** Shows how many messages wait to be read. */
  showUnread(count) {
    this.find(".unread").textContent = count;
    this.find(".unread").hidden = !count;
    this.find(".envelope").hidden = !count;
    this.find(".news").hidden = !count;
    this.find(".news").textContent = count === 1 ? "1 new message" : `${count} new messages`;
    this.find(".empty").hidden = this.find(".inbox ol").childElementCount > 0;
  }

  /** Shows whether the network can be reached. */
  showReach(isReached) {
    this.element.classList.toggle("unreached", !isReached);
    this.find(".carrier").textContent = isReached ? this.find(".network").textContent : "No service";
  }

  /** Shakes once, as for a message that came. */
  buzz() {
    const shell = this.find(".shell");
    shell.classList.add("buzzing");
    shell.addEventListener("animationend", () => shell.classList.remove("buzzing"), { once: true });
    this.find("[data-testid=spoken]").textContent = this.find(".news").textContent;
  }
}

function remaining({ whole, idle }) {
  const minutes = `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
  return [`${minutes} left`, `${idle} s to type`];
}
