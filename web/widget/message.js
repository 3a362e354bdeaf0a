// One message as deep-chat shows it: an element that fills itself from the timeline.
import { attachments } from "./attachments.js";
import { el } from "./dom.js";

// deep-chat takes messages as HTML: it gets this element's name, the text is added here.
export const contexts = new Map();

// The entry before the first one, by which older messages are asked for.
export const EARLIER = "earlier";

export class CoachMessage extends HTMLElement {
  connectedCallback() {
    this.context = contexts.get(this.dataset.chat);
    this.context.shown.set(this.dataset.key, this);
    this.show();
  }

  disconnectedCallback() {
    const { shown } = this.context;
    if (shown.get(this.dataset.key) === this) shown.delete(this.dataset.key);
  }

  show() {
    const entry = this.context.timeline.get(this.dataset.key);
    if (!entry) return;
    const focused = this.contains(this.getRootNode().activeElement);
    this.replaceChildren(...parts(entry, this.context));
    if (focused) this.context.focusInput();
  }
}

function parts(entry, context) {
  if (entry.id === EARLIER) return [earlier(context)];
  const { words, timeline } = context;
  const content = entry.content ?? {};
  const mine = entry.direction === "in";
  const open = content.buttons?.length && !timeline.isAnswered(entry);
  return [
    el("span", { class: "unseen" }, `${mine ? words.you : (content.agent ?? words.coach)}: `),
    entry.text && el("p", { class: "text", dir: "auto" }, entry.text),
    ...attachments(content, context),
    open && quickReplies(content.buttons, context),
    foot(entry, context),
  ].filter(Boolean);
}

function earlier({ words, loadEarlier }) {
  const button = { type: "button", class: "earlier", onclick: loadEarlier };
  return el("button", button, words.earlier);
}

function quickReplies(buttons, { press }) {
  const all = buttons.map(({ title, token }) =>
    el("button", { type: "button", class: "reply", onclick: () => press(token, title) }, title),
  );
  return el("div", { class: "replies" }, ...all);
}

function foot(entry, context) {
  const at = new Date(entry.at);
  const clock = at.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  const today = at.toDateString() === new Date().toDateString();
  const day = today ? "" : `${at.toLocaleDateString([], { day: "numeric", month: "short" })}, `;
  return el(
    "div",
    { class: "foot" },
    entry.content?.agent && el("b", {}, entry.content.agent),
    el("time", { datetime: entry.at }, day + clock),
    entry.direction === "in" ? delivery(entry, context) : null,
  );
}

function delivery(entry, { words, retry }) {
  if (entry.state !== "unsent") return el("span", { class: entry.state }, words[entry.state]);
  return el(
    "span",
    { class: "unsent" },
    `${words.unsent}. ${entry.reason ?? ""} `,
    el("button", { type: "button", class: "retry", onclick: () => retry(entry.id) }, words.retry),
  );
}
