// Our side of the wire: a session, messages out by POST, messages in by a stream
// that is taken up again where it broke off.
import { EventSource } from "eventsource";
import { lasting } from "./storage.js";

const SILENCE = 40_000; // the server says something every 15 seconds
const AFTER_HIDDEN = 5_000; // a browser allows six connections to a site: hidden tabs give theirs back
const TOKEN = "journey-coach.token";

// Where the customer's clock is: nobody is written to at night.
const zone = () => Intl.DateTimeFormat().resolvedOptions().timeZone || undefined;

export class Refused extends Error {
  constructor(status, body, after) {
    super(body.message);
    this.status = status;
    this.after = after;
  }
}

export class Transport extends EventTarget {
  constructor(origin, who) {
    super();
    this.origin = origin;
    this.who = who;
    this.foreign = origin !== window.location.origin;
    this.cursor = 0;
    this.words = null;
    this.conversation = null;
  }

  // What the chat says itself, before anybody is known.
  async prepare() {
    this.words = await this.read(await this.fetch("/chat/words"));
  }

  // Opens the session; the same one again when the browser has been here before.
  async begin() {
    const who = { ...this.vouched(), zone: zone() };
    const session = await this.post("/chat/session", who);
    if (session.token) lasting.setItem(TOKEN, session.token);
    this.conversation = session.conversation;
    return session;
  }

  // For whom the site vouches, if for anybody.
  vouched() {
    const { userId, signature, idToken, name } = this.who;
    if (idToken) return { id_token: idToken };
    return userId ? { user_id: userId, signature, name } : {};
  }

  isKnown() {
    return Boolean(this.who.userId || this.who.idToken);
  }

  send(message) {
    return this.post("/chat/messages", { ...message, zone: zone() });
  }

  // That somebody reads and types; nothing is lost when it does not arrive.
  here(read, typing = false) {
    this.post("/chat/here", { read, typing }).catch(() => {});
  }

  async history(before) {
    const query = before ? `?before=${before}` : "";
    const response = await this.fetch(`/chat/history${query}`);
    return this.read(response);
  }

  // Listens from the cursor on, for as long as somebody looks at the page.
  listen() {
    window.addEventListener("online", () => this.connect());
    window.addEventListener("offline", () => this.say("state", "offline"));
    document.addEventListener("visibilitychange", () => this.follow());
    setInterval(() => this.watch(), SILENCE / 4);
    this.connect();
  }

  follow() {
    clearTimeout(this.hiding);
    if (document.hidden) this.hiding = setTimeout(() => this.disconnect(), AFTER_HIDDEN);
    else if (!this.source) this.connect();
  }

  watch() {
    if (this.source && Date.now() - this.heard > SILENCE) this.connect();
  }

  disconnect() {
    this.source?.close();
    this.source = null;
  }

  connect() {
    this.disconnect();
    this.heard = Date.now();
    const url = `${this.origin}/chat/events?after=${this.cursor}`;
    const source = new EventSource(url, {
      fetch: (input, init) => fetch(input, this.signed(init)),
    });
    this.source = source;
    for (const kind of ["ready", "beat", "message", "typing", "person", "gone"]) {
      source.addEventListener(kind, (event) => this.hear(source, kind, event));
    }
    source.addEventListener("error", (event) => this.lose(source, event));
  }

  hear(source, kind, event) {
    if (source !== this.source) return;
    this.heard = Date.now();
    const data = JSON.parse(event.data);
    if (kind === "ready") this.say("state", "online");
    if (kind === "message") this.cursor = Math.max(this.cursor, data.position);
    this.say(kind, data);
  }

  lose(source, event) {
    if (source !== this.source) return;
    if (event.code === 401) this.say("ended", {});
    else this.say("state", navigator.onLine ? "reconnecting" : "offline");
    // The stream tries again by itself, except after an answer that it cannot use.
    if (source.readyState === source.CLOSED) setTimeout(() => this.revive(source), 5_000);
  }

  revive(source) {
    if (source === this.source && !document.hidden) this.connect();
  }

  say(kind, detail) {
    this.dispatchEvent(new CustomEvent(kind, { detail }));
  }

  // On another site's page there is no cookie of ours: the token is sent instead.
  signed(init = {}) {
    const token = this.foreign && lasting.getItem(TOKEN);
    const headers = { ...init.headers };
    if (token) headers.authorization = `Bearer ${token}`;
    return { ...init, headers, credentials: this.foreign ? "omit" : "same-origin" };
  }

  fetch(path, init) {
    return fetch(this.origin + path, this.signed(init));
  }

  async post(path, body) {
    const response = await this.fetch(path, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(20_000),
    });
    return this.read(response);
  }

  async read(response) {
    if (response.status === 204) return {};
    const body = await response.json();
    if (response.ok) return body;
    if (response.status === 401) this.say("ended", {});
    throw new Refused(response.status, body, Number(response.headers.get("retry-after") || 0));
  }
}
