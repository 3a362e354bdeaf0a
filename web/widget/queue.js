// What the customer wrote and the server has not confirmed: kept over reloads,
// sent in order, under an id that makes a second sending harmless.
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

  get key() {
    return `${KEY}.${this.transport.conversation}`;
  }

  list() {
    try {
      return JSON.parse(localStorage.getItem(this.key)) ?? [];
    } catch {
      return [];
    }
  }

  keep(messages) {
    if (messages.length) localStorage.setItem(this.key, JSON.stringify(messages));
    else localStorage.removeItem(this.key);
  }

  add(message) {
    this.keep([...this.list(), message]);
    this.flush();
  }

  remove(id) {
    this.keep(this.list().filter((message) => message.id !== id));
  }

  again(id) {
    this.keep(this.list().map((one) => (one.id === id ? { ...one, refused: undefined } : one)));
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
    this.keep(this.list().map((one) => (one.id === id ? { ...one, refused: reason } : one)));
    this.say("refused", { id, reason });
  }

  say(kind, detail) {
    this.dispatchEvent(new CustomEvent(kind, { detail }));
  }
}
