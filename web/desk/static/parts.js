// Brings parts of the page up to date without taking away what somebody is doing.
import { $, conversation, get } from "./page.js";
import { tick } from "./times.js";

const shown = new Map();
const NEAR = 80; // pixels from the end at which the newest message stays in view

export function position() {
  return Number($("messages")?.lastElementChild?.dataset.position ?? 0);
}

export const refreshBoard = oneAtATime(bringBoardUpToDate);
// Two answers that overlap would show a message twice.
export const refreshConversation = oneAtATime(bringUpToDate);

// Whoever asks while one runs shares the next: news come faster than a busy desk answers.
function oneAtATime(refresh) {
  let running = null;
  let next = null;
  return () => {
    next ??= Promise.resolve(running).catch(() => {}).then(() => {
      running = next;
      next = null;
      return refresh();
    });
    return next;
  };
}

async function bringBoardUpToDate() {
  const here = conversation ? `?here=${conversation}` : "";
  replace($("board"), await (await get(`/desk/board${here}`)).text());
  document.dispatchEvent(new Event("desk:board"));
}

async function bringUpToDate() {
  if (!conversation) return;
  const parts = await (await get(`/desk/conversations/${conversation}/parts?after=${position()}`)).json();
  for (const part of ["head", "people", "side"]) replace($(part), parts[part]);
  append(parts.messages);
  unlock(parts);
  document.querySelectorAll("input[name=seen]").forEach((input) => (input.value = position()));
  document.dispatchEvent(new Event("desk:conversation"));
}

function append(html) {
  if (!html.trim()) return;
  const box = $("messages");
  const isAtEnd = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR;
  box.append(...parsed(html));
  if (isAtEnd) box.scrollTop = box.scrollHeight;
}

function unlock({ mine, hint }) {
  const text = $("text");
  text.disabled = $("send").disabled = !mine;
  text.placeholder = hint;
}

function replace(element, html) {
  if (shown.get(element.id) === html) return;
  shown.set(element.id, html);
  const kept = keep(element);
  element.replaceChildren(...parsed(html));
  restore(element, kept);
  tick();
}

function parsed(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content.childNodes;
}

// A half-written note, an open box and the focus survive.
function keep(element) {
  const fields = [...element.querySelectorAll("input:not([type=hidden]), textarea, select")];
  const active = element.contains(document.activeElement) ? document.activeElement : null;
  return {
    values: new Map(fields.map((field) => [nameOf(field), field.value])),
    open: new Set([...element.querySelectorAll("details[open]")].map((one) => one.id)),
    closed: new Set([...element.querySelectorAll("details:not([open])")].map((one) => one.id)),
    focus: active && nameOf(active),
    scroll: element.scrollTop,
  };
}

function restore(element, { values, open, closed, focus, scroll }) {
  for (const details of element.querySelectorAll("details[id]")) {
    if (open.has(details.id)) details.open = true;
    if (closed.has(details.id)) details.open = false;
  }
  for (const field of element.querySelectorAll("input:not([type=hidden]), textarea, select")) {
    if (values.has(nameOf(field))) field.value = values.get(nameOf(field));
  }
  if (focus) [...element.querySelectorAll("a, button, summary, input, textarea, select")].find((one) => nameOf(one) === focus)?.focus();
  element.scrollTop = scroll;
}

function nameOf(element) {
  const place = element.closest("form")?.getAttribute("action") ?? element.closest("details")?.id ?? "";
  return [element.tagName, place, element.name ?? "", element.value && element.tagName === "BUTTON" ? element.value : "", element.getAttribute("href") ?? ""].join(" ");
}

// Older messages come in above, from the page that the link leads to.
export async function showEarlier(link) {
  const page = new DOMParser().parseFromString(await (await get(link.href)).text(), "text/html");
  const box = $("messages");
  const below = box.scrollHeight - box.scrollTop;
  link.replaceWith(...page.getElementById("messages").childNodes);
  box.scrollTop = box.scrollHeight - below;
}
