// deep-chat, told what to show: the timeline in, the queue out.
import "deep-chat";
import { spoken } from "./attachments.js";
import inside from "./chat.css";
import { el } from "./dom.js";
import { CoachMessage, contexts, EARLIER } from "./message.js";
import { Queue } from "./queue.js";
import { looks } from "./looks.js";
import { Timeline } from "./timeline.js";

// `crypto.randomUUID` is there on secure pages only.
function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

customElements.define("coach-message", CoachMessage);

export class Chat {
  constructor(transport, panel) {
    this.transport = transport;
    this.panel = panel;
    this.words = transport.words;
    this.timeline = new Timeline();
    this.queue = new Queue(transport);
    this.rendered = [];
    this.typing = false;
    this.loading = { toggle: () => {} };
    contexts.set("chat", {
      words: this.words,
      origin: transport.origin,
      timeline: this.timeline,
      shown: new Map(),
      press: (token, title) => this.write({ token, text: title }),
      retry: (id) => this.retry(id),
      loadEarlier: () => this.loadEarlier(),
      focusInput: () => this.element.focusInput(),
    });
  }

  async start(body) {
    this.element = this.make();
    const ready = new Promise((resolve) => (this.isReady = resolve));
    body.replaceChildren(this.element);
    await ready;
    this.obey();
    await this.load();
    this.transport.listen();
    this.queue.flush();
  }

  make() {
    const element = document.createElement("deep-chat");
    element.style.fontFamily = "inherit"; // its own would be fetched from another site
    Object.assign(element, looks(this.words), {
      auxiliaryStyle: inside,
      displayLoadingBubble: this.loading,
      onComponentRender: () => this.begin(),
      connect: { websocket: true, handler: (_, signals) => this.open(signals) },
    });
    return element;
  }

  // deep-chat renders anew, and empty, whenever it sees fit.
  begin() {
    this.rendered = [];
    this.isLoading = false;
    this.improve();
    this.refresh();
    this.isReady();
  }

  open(signals) {
    signals.newUserMessage.listener = (body) => this.hear(body);
    signals.onOpen();
  }

  // deep-chat has shown what was typed already: emptied, its bubble makes room for ours.
  hear(body) {
    const text = body.messages?.at(-1)?.text?.trim();
    if (!text) return;
    this.element.updateMessage({}, this.element.getMessages().length - 1);
    this.write({ text });
  }

  write({ token, text }) {
    const id = newId();
    this.timeline.wrote({ id, text });
    this.queue.add({ id, token, text, at: new Date().toISOString() });
    this.refresh();
    this.element.focusInput();
  }

  retry(id) {
    this.timeline.change(id, { state: "sending", reason: null });
    this.update(id);
    this.queue.again(id);
    this.element.focusInput();
  }

  obey() {
    const { transport, queue } = this;
    transport.addEventListener("message", ({ detail }) => this.take(detail));
    transport.addEventListener("typing", ({ detail }) => this.setTyping(detail.on));
    transport.addEventListener("gone", () => this.startAgain());
    transport.addEventListener("state", ({ detail }) => this.tell(detail));
    queue.addEventListener("accepted", ({ detail }) => this.accept(detail));
    queue.addEventListener("delayed", ({ detail }) => detail.reason && this.panel.tell(detail.reason));
    queue.addEventListener("refused", ({ detail: { id, reason } }) => {
      this.timeline.change(id, { state: "unsent", reason });
      this.update(id);
    });
  }

  async load() {
    const { messages, more } = await this.transport.history();
    messages.forEach((message) => this.timeline.take(message));
    this.transport.cursor = messages.at(-1)?.position ?? 0;
    if (!messages.length) this.greet();
    this.offerEarlier(more);
    for (const message of this.queue.list()) this.recall(message);
    this.refresh();
  }

  recall(message) {
    this.timeline.wrote(message);
    if (message.refused) this.timeline.change(message.id, { state: "unsent", reason: message.refused });
  }

  // Shown before the first word; the server puts the same on record under this id.
  greet() {
    const at = new Date().toISOString();
    const greeting = { id: "disclosure", position: 0, direction: "out", text: this.words.disclosure, at };
    this.timeline.take(greeting);
    if (this.listening) this.panel.announce(greeting.text);
  }

  offerEarlier(more) {
    if (more) this.timeline.take({ id: EARLIER, position: 0, direction: "out" });
    else this.timeline.entries.delete(EARLIER);
  }

  async loadEarlier() {
    const { messages, more } = await this.transport.history(this.timeline.first());
    messages.forEach((message) => this.timeline.take(message));
    this.offerEarlier(more);
    const box = this.box;
    const below = box.scrollHeight - box.scrollTop;
    this.refresh();
    box.scrollTop = box.scrollHeight - below;
  }

  take(message) {
    const isNew = this.timeline.take(message);
    this.queue.remove(message.id);
    this.refresh();
    if (!isNew || message.direction !== "out") return;
    const { coach } = this.words;
    this.panel.announce(`${coach}: ${message.text} ${spoken(message.content ?? {}, this)}`);
  }

  accept({ id, position }) {
    this.panel.tell("");
    this.timeline.change(id, { state: "sent", position, order: position });
    this.refresh();
  }

  // Shows what is new at the end; when the order changed, everything again.
  refresh() {
    const wanted = this.timeline.keys();
    if (!this.rendered.every((key, index) => wanted[index] === key)) {
      this.showLoading(false);
      this.element.clearMessages(false);
      this.rendered = [];
    }
    const added = wanted.slice(this.rendered.length);
    if (added.length) this.showLoading(false);
    for (const key of added) this.append(key);
    this.rendered = wanted;
    wanted.forEach((key) => this.update(key));
    this.showLoading(this.typing);
    if (added.length) this.element.scrollToBottom();
  }

  append(key) {
    const role = this.timeline.get(key).direction === "in" ? "user" : "ai";
    this.element.addMessage({ html: this.html(key), role });
  }

  update(key) {
    contexts.get("chat").shown.get(key)?.show();
  }

  html(key) {
    return el("coach-message", { "data-chat": "chat", "data-key": key }).outerHTML;
  }

  setTyping(on) {
    this.typing = on;
    this.showLoading(on);
    if (on) this.element.scrollToBottom();
  }

  showLoading(on) {
    if (on === Boolean(this.isLoading)) return;
    this.isLoading = on;
    this.loading.toggle();
  }

  tell(state) {
    const texts = { offline: this.words.offline, reconnecting: this.words.reconnecting };
    this.panel.tell(texts[state] ?? "");
    if (state === "online") this.queue.flush();
  }

  // The conversation is no more, forgotten on request or ended: a new one begins.
  async startAgain() {
    this.transport.disconnect();
    this.timeline.clear();
    this.queue.keep([]);
    await this.panel.eventually(() => this.transport.begin());
    await this.load();
    this.panel.tell(this.words.forgotten);
    this.transport.connect();
  }

  opened() {
    if (!this.listening && this.timeline.get("disclosure")?.position === 0) {
      this.panel.announce(this.words.disclosure);
    }
    this.listening = true;
    this.element.scrollToBottom();
    this.element.focusInput();
  }

  get box() {
    return this.element.shadowRoot.getElementById("messages");
  }

  // What deep-chat leaves open for those who use a keyboard or a screen reader.
  improve() {
    const root = this.element.shadowRoot;
    const input = root.getElementById("text-input");
    input.setAttribute("aria-label", this.words.placeholder);
    input.setAttribute("aria-multiline", "true");
    root.querySelector(".input-button").setAttribute("aria-label", this.words.send);
    this.box.setAttribute("tabindex", "0");
    this.box.setAttribute("role", "region");
    this.box.setAttribute("aria-label", this.words.conversation);
  }
}
