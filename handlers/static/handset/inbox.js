/** A phone's SMS: asked for again and again while the page is seen, shown newest first, counted until they are read. */

import { Fault, inbox } from "./network.js";
import { keep, recall } from "./memory.js";

/** The messages of one phone number. */
export class Inbox {
  /** `list` is the element that shows them. */
  constructor(number, list) {
    this.number = number;
    this.list = list;
    this.messages = [];
    this.isFirst = true;
    this.seen = new Set(recall(`seen.${number}`, []));
  }

  get unread() {
    return this.messages.filter((message) => !this.seen.has(message.id)).length;
  }

  /** Asks the network. Gives how many came since it was asked before; raises Fault where it can't be reached. */
  async fetch() {
    const { messages } = await inbox(this.number);
    if (!Array.isArray(messages)) throw new Fault("The simulator's inbox is not a list.");
    const known = new Set(this.messages.map((message) => message.id));
    const fresh = messages.filter((message) => !known.has(message.id));
    this.messages = messages;
    if (fresh.length || messages.length !== known.size) this.draw();
    const came = this.isFirst ? 0 : fresh.length;
    this.isFirst = false;
    return came;
  }

  /** Counts all as read. */
  read() {
    this.seen = new Set(this.messages.map((message) => message.id));
    keep(`seen.${this.number}`, [...this.seen]);
  }

  draw() {
    this.list.replaceChildren(...this.messages.map(card).reverse());
  }
}

function card(message) {
  const item = document.querySelector("#message").content.firstElementChild.cloneNode(true);
  item.querySelector("b").textContent = message.from;
  const at = new Date(message.at);
  const time = item.querySelector("time");
  time.dateTime = message.at;
  time.textContent = at.toLocaleString("en-GB", { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
  item.querySelector(".text").textContent = message.text;
  item.querySelector(".parts").textContent = message.segments === 1 ? "1 part" : `${message.segments} parts`;
  return item;
}
