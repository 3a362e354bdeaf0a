// Single keys, off with one tick in their own help.
import { $ } from "./page.js";

const OFF = "desk.keys.off";
const OPENS = { a: "assign", s: "snooze", b: "back", e: "resolve", c: "canned" };

export function hear() {
  const box = $("keys-on");
  box.checked = !localStorage.getItem(OFF);
  box.addEventListener("change", () => localStorage.setItem(OFF, box.checked ? "" : "off"));
  $("help").addEventListener("click", () => $("keys").showModal());
  $("keys-close").addEventListener("click", () => $("keys").close());
  document.addEventListener("keydown", press);
}

function press(event) {
  if (event.key === "Escape") return leave(event.target);
  const isTyping = event.target.closest("input, textarea, select, dialog");
  if (isTyping || event.ctrlKey || event.metaKey || event.altKey || localStorage.getItem(OFF)) return;
  if (act(event.key)) event.preventDefault();
}

function act(key) {
  if (key === "?") return $("keys").showModal() ?? true;
  if (key === "/") return focus(document.querySelector(".search input"));
  if (key === "j" || key === "k") return step(key === "j" ? 1 : -1);
  if (key === "r") return focus($("text"));
  if (key === "n") return ($("notes") && (($("notes").open = true), focus($("note")))) ?? false;
  if (key === "t") return $("head")?.querySelector("form[data-act=take]")?.requestSubmit() ?? true;
  return OPENS[key] ? open($(OPENS[key])) : false;
}

function focus(element) {
  element?.focus();
  return Boolean(element);
}

function open(details) {
  if (!details) return false;
  details.open = true;
  return focus(details.querySelector(".card input:not([type=hidden]), .card select, .card button"));
}

function step(by) {
  const links = [...document.querySelectorAll("#board a[data-conversation]")];
  const current = links.findIndex((link) => link.matches(":focus, [aria-current]"));
  const focused = links.indexOf(document.activeElement);
  const from = focused >= 0 ? focused : current;
  return focus(links[Math.min(Math.max(from + by, 0), links.length - 1)]);
}

function leave(element) {
  const open = element.closest("details.pop[open]") ?? document.querySelector("details.pop[open]");
  if (open) {
    open.open = false;
    open.querySelector("summary").focus();
  } else if (element.matches("input, textarea")) element.blur();
  $("side")?.classList.remove("shown");
}
