// One conversation on this page: what comes from the server goes into the timeline,
// what the customer does goes into the queue, and the view shows both.
import { spoken } from "./attachments.js";
import { fill } from "./dom.js";
import { EARLIER } from "./message.js";
import { Queue } from "./queue.js";
import { Timeline } from "./timeline.js";
import { View } from "./view.js";

const TYPES_EVERY = 3_000;

// `crypto.randomUUID` is there on secure pages only.
function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function now() {
  return new Date().toISOString();
}

export class Chat {
  constructor(transport, panel) {
    this.transport = transport;
    this.panel = panel;
    this.words = transport.words;
    this.timeline = new Timeline();
    this.queue = new Queue(transport);
    const context = {
      words: this.words,
      origin: transport.origin,
      timeline: this.timeline,
      press: (token, title) => this.write({ token, text: title }),
      retry: (id) => this.retry(id),
      loadEarlier: () => this.loadEarlier(),
    };
    this.view = new View(context, (text) => this.write({ text }), () => this.noteTyping());
  }

  async start(body) {
    await this.view.mount(body);
    this.obey();
    await this.load();
    this.transport.listen();
    this.queue.flush();
  }

  obey() {
    const { transport, queue } = this;
    transport.addEventListener("message", ({ detail }) => this.take(detail));
    transport.addEventListener("typing", ({ detail }) => this.showTyping(detail));
    transport.addEventListener("person", ({ detail }) => this.meet(detail.on));
    transport.addEventListener("gone", () => this.startAgain([], this.words.forgotten));
    transport.addEventListener("ended", () => this.startAgain(queue.empty()));
    transport.addEventListener("state", ({ detail }) => this.tell(detail));
    queue.addEventListener("accepted", ({ detail }) => this.accept(detail));
    queue.addEventListener("delayed", ({ detail }) => detail.reason && this.panel.tell(detail.reason));
    queue.addEventListener("refused", ({ detail }) => this.refuse(detail));
  }

  write({ token, text }) {
    const message = { id: newId(), token, text, at: now() };
    this.timeline.wrote(message);
    this.queue.add(message);
    this.view.refresh();
    this.view.focus();
  }

  retry(id) {
    this.timeline.change(id, { state: "sending", reason: null });
    this.view.update(id);
    this.queue.again(id);
    this.view.focus();
  }

  accept({ id, position }) {
    this.panel.tell("");
    this.timeline.change(id, { state: "sent", position, order: position });
    this.view.refresh();
  }

  refuse({ id, reason }) {
    this.timeline.change(id, { state: "unsent", reason });
    this.view.update(id);
  }

  take(message) {
    const isNew = this.timeline.take(message);
    this.queue.remove(message.id);
    this.view.refresh();
    if (isNew && message.direction === "out") this.speak(message);
    this.noteReading();
  }

  speak(message) {
    const who = message.content?.agent ?? this.words.coach;
    this.panel.announce(`${who}: ${message.text} ${spoken(message.content ?? {}, this)}`);
  }

  showTyping({ on, who }) {
    this.view.setTyping(on);
    this.panel.tellTyping(who ? fill(this.words.person_types, { name: who }) : "");
  }

  // With a person who answers, the customer's typing and reading is seen.
  meet(isThere) {
    this.withPerson = isThere;
    this.noteReading();
  }

  noteReading() {
    if (this.withPerson && this.panel.isSeen()) this.transport.here(this.transport.cursor);
  }

  noteTyping() {
    const now = Date.now();
    if (!this.withPerson || now - (this.typedAt ?? 0) < TYPES_EVERY) return;
    this.typedAt = now;
    this.transport.here(this.transport.cursor, true);
  }

  tell(state) {
    const texts = { offline: this.words.offline, reconnecting: this.words.reconnecting };
    this.panel.tell(texts[state] ?? "");
    if (state === "online") this.queue.flush();
  }

  async load() {
    const { messages, more } = await this.panel.eventually(() => this.transport.history());
    messages.forEach((message) => this.timeline.take(message));
    this.transport.cursor = messages.at(-1)?.position ?? 0;
    if (!messages.length) this.note("disclosure", 0, this.words.disclosure);
    this.offerEarlier(more);
    for (const message of this.queue.list()) this.recall(message);
    this.view.refresh();
  }

  recall(message) {
    this.timeline.wrote(message);
    const { id, refused } = message;
    if (refused) this.timeline.change(id, { state: "unsent", reason: refused });
  }

  // Shown by the page itself. The disclosure stands there before the first word; with
  // that the server puts it on record under the same id.
  note(id, position, text) {
    this.timeline.take({ id, position, direction: "out", text, at: now() });
    if (this.wasOpened) this.panel.announce(text);
  }

  offerEarlier(more) {
    if (more) this.timeline.take({ id: EARLIER, position: 0, direction: "out" });
    else this.timeline.entries.delete(EARLIER);
  }

  async loadEarlier() {
    const { messages, more } = await this.transport.history(this.timeline.first());
    messages.forEach((message) => this.timeline.take(message));
    this.offerEarlier(more);
    this.view.keepingPlace(() => this.view.refresh());
  }

  // The conversation is no more, forgotten on request or signed with an older key:
  // a new one begins, with what was typed and never arrived.
  async startAgain(unsent, text) {
    if (this.isStarting) return;
    this.isStarting = true;
    this.transport.disconnect();
    this.queue.empty();
    this.timeline.clear();
    await this.panel.eventually(() => this.transport.begin());
    if (text) this.note("forgotten", -1, text);
    for (const message of unsent) if (!message.token) this.queue.add(message);
    await this.load();
    this.transport.connect();
    this.isStarting = false;
  }

  opened() {
    if (!this.wasOpened && this.timeline.get("disclosure")?.position === 0) {
      this.panel.announce(this.words.disclosure);
    }
    this.wasOpened = true;
    this.view.settle();
    this.noteReading();
  }
}
