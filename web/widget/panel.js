// The launcher, and the dialog around the chat.
import { Chat } from "./chat.js";
import { el } from "./dom.js";
import { Elsewhere } from "./elsewhere.js";
import { bubble, cross } from "./icons.js";
import style from "./panel.css";
import { lasting, passing } from "./storage.js";

const OPEN = "journey-coach.open"; // this tab shows the chat
const KNOWN = "journey-coach.known"; // this browser has talked with us
const TRY_AGAIN = 5_000;

export class CoachPanel extends HTMLElement {
  async begin(transport) {
    this.transport = transport;
    this.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(style);
    this.shadowRoot.adoptedStyleSheets = [sheet];
    await this.eventually(() => transport.prepare());
    this.build(transport.words);
    this.addEventListener("keydown", (event) => this.hearKey(event));
    if (passing.getItem(OPEN)) await this.open();
    else if (lasting.getItem(KNOWN) || transport.isKnown()) await this.connect();
  }

  async eventually(attempt) {
    for (;;) {
      try {
        return await attempt();
      } catch {
        await new Promise((resolve) => setTimeout(resolve, TRY_AGAIN));
      }
    }
  }

  build(words) {
    this.badge = el("span", { class: "badge", hidden: true });
    this.launcher = el(
      "button",
      { type: "button", class: "launcher", "aria-label": words.open, onclick: () => this.open() },
      bubble(),
      el("span", { class: "label", "aria-hidden": "true" }, words.title),
      this.badge,
    );
    this.status = el("div", { class: "status", role: "status" });
    this.typist = el("div", { class: "typist", role: "status" });
    this.log = el("div", {
      class: "unseen",
      role: "log",
      "aria-live": "polite",
      "aria-label": words.conversation,
    });
    this.body = el("div", { class: "body" });
    this.dialog = el(
      "section",
      { class: "dialog", role: "dialog", "aria-label": words.title, hidden: true },
      this.head(words),
      this.status,
      this.body,
      this.typist,
    );
    this.shadowRoot.append(this.launcher, this.dialog, this.log);
  }

  head(words) {
    const close = { type: "button", class: "close", "aria-label": words.close, onclick: () => this.close() };
    return el(
      "div",
      { class: "head" },
      el("span", { class: "face", "aria-hidden": "true" }, words.coach.slice(0, 1)),
      el("h2", {}, words.title),
      el("button", close, cross()),
    );
  }

  // One session and one stream for this page, however often the dialog opens.
  connect() {
    this.connected ??= this.eventually(() => this.transport.begin()).then((session) => {
      this.offer(session.elsewhere);
      this.chat = new Chat(this.transport, this);
      return this.chat.start(this.body);
    });
    return this.connected;
  }

  offer(channels) {
    if (!channels.length) return;
    const elsewhere = new Elsewhere(this.transport, channels);
    this.status.before(elsewhere.box);
    this.dialog.querySelector(".close").before(elsewhere.button);
  }

  async open() {
    passing.setItem(OPEN, "yes");
    lasting.setItem(KNOWN, "yes");
    this.dialog.hidden = false;
    this.launcher.hidden = true;
    this.badge.hidden = true;
    await this.connect();
    this.chat.opened();
  }

  close() {
    passing.removeItem(OPEN);
    this.dialog.hidden = true;
    this.launcher.hidden = false;
    this.launcher.focus();
  }

  hearKey(event) {
    if (event.key === "Escape" && !this.dialog.hidden) this.close();
  }

  // Speaks a finished message once, and marks the launcher when nobody sees it.
  announce(text) {
    this.log.append(el("p", {}, text));
    while (this.log.children.length > 20) this.log.firstChild.remove();
    this.badge.hidden = !this.dialog.hidden;
  }

  isSeen() {
    return !this.dialog.hidden && !document.hidden;
  }

  tellTyping(text) {
    this.typist.textContent = text;
  }

  tell(text) {
    this.status.textContent = text;
    this.status.hidden = !text;
  }
}
