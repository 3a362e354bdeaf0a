// What the customer wrote and the server has not confirmed: kept over reloads,
// sent in order, under an id that makes a second sending harmless.
import { lasting } from "./storage.js";

const KEY = "journey-coach.queue";
const FIRST_WAIT = 1_000;
const LONGEST_WAIT = 10_000;

export class Queue extends EventTarget {
  constructor(transport) {
    super();
    this.transport = transport;
    this.busy = false;
    this.wait = FIRST_WAIT;
    window.addEventListener("online", () => this.flush());
  }

  // One item for each message: tabs that write at once cannot lose each other's.
  key(id) {
    return `${KEY}.${this.transport.conversation}.${id}`;
  }

  list() {
    const kept = lasting.keys().filter((key) => key.startsWith(this.key("")));
    const messages = kept.map((key) => JSON.parse(lasting.getItem(key))).filter(Boolean);
    return messages.sort((one, other) => one.order - other.order);
  }

  add(message) {
    this.last = Math.max(Date.now(), (this.last ?? 0) + 1);
    this.keep({ ...message, order: this.last });
    this.flush();
  }

  keep(message) {
    lasting.setItem(this.key(message.id), JSON.stringify(message));
  }

  remove(id) {
    lasting.removeItem(this.key(id));
  }

  change(id, changes) {
    const kept = this.list().find((message) => message.id === id);
    if (kept) this.keep({ ...kept, ...changes });
  }

  // Takes everything out, to be sent in another conversation or not at all.
  empty() {
    const messages = this.list();
    messages.forEach(({ id }) => this.remove(id));
    return messages;
  }

  again(id) {
    this.change(id, { refused: undefined });
    this.flush();
  }

  async flush() {
    clearTimeout(this.timer);
    if (this.busy) return;
    this.busy = true;
    try {
      let next;
      while ((next = this.list().find((message) => !message.refused))) await this.sendOne(next);
      this.wait = FIRST_WAIT;
    } catch (error) {
      this.later(error.after * 1_000 || this.wait);
      this.wait = Math.min(this.wait * 2, LONGEST_WAIT);
    } finally {
      this.busy = false;
    }
  }

  later(wait) {
    this.timer = setTimeout(() => this.flush(), wait);
  }

  async sendOne({ id, text, token }) {
    try {
      const { position } = await this.transport.send(token ? { id, token } : { id, text });
      this.remove(id);
      this.say("accepted", { id, position });
    } catch (error) {
      if (!this.isFinal(error)) {
        this.say("delayed", { id, reason: error.status === 429 ? error.message : null });
        throw error;
      }
      this.refuse(id, error.message);
    }
  }

  // What will never be taken stays visible, with the reason and a way to try again.
  isFinal({ status }) {
    return status >= 400 && status < 500 && status !== 429 && status !== 401 && status !== 408;
  }

  refuse(id, reason) {
    this.change(id, { refused: reason });
    this.say("refused", { id, reason });
  }

  say(kind, detail) {
    this.dispatchEvent(new CustomEvent(kind, { detail }));
  }
}
