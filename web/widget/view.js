// deep-chat, told what to show: the entries of a timeline in their order.
import "deep-chat";
import inside from "./chat.css";
import { el } from "./dom.js";
import { looks } from "./looks.js";
import { CoachMessage, contexts } from "./message.js";

customElements.define("coach-message", CoachMessage);

export class View {
  // `context` is what the messages need: words, timeline, what a press does.
  constructor(context, typed, typing) {
    this.context = { ...context, shown: new Map(), focusInput: () => this.focus() };
    this.words = context.words;
    this.timeline = context.timeline;
    this.typed = typed;
    this.isTyped = typing;
    this.rendered = [];
    this.typing = false;
    this.loading = { toggle: () => {} };
    contexts.set("chat", this.context);
  }

  async mount(body) {
    this.element = this.make();
    const ready = new Promise((resolve) => (this.isReady = resolve));
    body.replaceChildren(this.element);
    await ready;
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
    // Heard here, since deep-chat may put another box for the text there at any time.
    element.addEventListener("input", (event) => {
      if (event.composedPath()[0].innerText?.trim()) this.isTyped();
    });
    this.improve(element.shadowRoot);
    return element;
  }

  // deep-chat renders anew, and empty, whenever it sees fit.
  begin() {
    this.rendered = [];
    this.isLoading = false;
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
    this.typed(text);
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
    const html = el("coach-message", { "data-chat": "chat", "data-key": key }).outerHTML;
    this.element.addMessage({ html, role });
  }

  update(key) {
    this.context.shown.get(key)?.show();
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

  // Keeps what is being read in its place while older messages come in above.
  keepingPlace(change) {
    const below = this.box.scrollHeight - this.box.scrollTop;
    change();
    this.box.scrollTop = this.box.scrollHeight - below;
  }

  focus() {
    this.element.focusInput();
  }

  settle() {
    this.element.scrollToBottom();
    this.focus();
  }

  get box() {
    return this.element.shadowRoot.getElementById("messages");
  }

  // What deep-chat leaves open for those who use a keyboard or a screen reader. It puts
  // another send button there when it begins or ends to work, and other boxes when it
  // is emptied or rendered anew.
  improve(root) {
    new MutationObserver(() => this.nameParts(root)).observe(root, { childList: true, subtree: true });
  }

  nameParts(root) {
    const input = root.getElementById("text-input");
    input?.setAttribute("aria-label", this.words.placeholder);
    input?.setAttribute("aria-multiline", "true");
    const box = root.getElementById("messages");
    box?.setAttribute("tabindex", "0");
    box?.setAttribute("role", "region");
    box?.setAttribute("aria-label", this.words.conversation);
    for (const button of root.querySelectorAll(".input-button:not([aria-label])")) {
      button.setAttribute("aria-label", this.words.send);
    }
  }
}
