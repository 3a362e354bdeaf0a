// Going on in another app: a link that is good once, and a picture of it for a phone.
import { el, fill } from "./dom.js";

export class Elsewhere {
  // `channels` are [name, title] of those that a link opens.
  constructor(transport, channels) {
    this.transport = transport;
    this.words = transport.words;
    this.channels = channels;
    this.button = el("button", {
      type: "button",
      class: "elsewhere",
      "aria-expanded": "false",
      onclick: () => this.toggle(),
    }, this.words.elsewhere);
    this.box = el("section", { class: "links", "aria-label": this.words.elsewhere, hidden: true });
  }

  toggle() {
    if (this.box.hidden) this.offer();
    this.show(this.box.hidden);
  }

  show(on) {
    this.box.hidden = !on;
    this.button.setAttribute("aria-expanded", String(on));
  }

  offer() {
    const choices = this.channels.map(([name, title]) =>
      el("button", { type: "button", onclick: () => this.ask(name, title) }, title));
    this.box.replaceChildren(el("p", {}, this.words.elsewhere_where), ...choices);
  }

  async ask(name, title) {
    try {
      this.give(await this.transport.post("/chat/links", { channel: name }), title);
    } catch (error) {
      this.box.replaceChildren(el("p", { role: "alert" }, error.message));
    }
  }

  give({ url, qr }, title) {
    const open = fill(this.words.elsewhere_open, { channel: title });
    this.box.replaceChildren(
      el("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, open),
      picture(qr, fill(this.words.elsewhere_scan, { channel: title })),
      el("p", { class: "note" }, this.words.elsewhere_note),
    );
    this.box.firstElementChild.focus();
  }
}

// The server draws it; it is parsed as a picture and never as a page.
function picture(svg, about) {
  const drawn = new DOMParser().parseFromString(svg, "image/svg+xml").documentElement;
  drawn.setAttribute("role", "img");
  drawn.setAttribute("aria-label", about);
  return el("figure", {}, document.adoptNode(drawn), el("figcaption", { "aria-hidden": "true" }, about));
}
