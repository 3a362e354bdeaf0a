// What the agent writes: kept until it is sent, sent once, and seen to be typed.
import { $, conversation, newId, post, tell } from "./page.js";
import { position, refreshConversation } from "./parts.js";

const SAY_EVERY = 3_000;
const HERE_EVERY = 15_000;
const DRAFT = `desk.draft.${conversation}`;
const HERE = `/desk/conversations/${conversation}/here`;
let once = newId();
let saidAt = 0;

export function write() {
  const form = $("composer");
  const text = $("text");
  text.value = sessionStorage.getItem(DRAFT) ?? "";
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(text);
  });
  text.addEventListener("keydown", (event) => hearKey(event, text));
  text.addEventListener("input", () => hearTyping(text));
  form.addEventListener("click", (event) => choose(event, text));
  $("messages").scrollTop = $("messages").scrollHeight;
  bePresent();
}

function hearKey(event, text) {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  send(text);
}

async function send(text) {
  const said = text.value.trim();
  if (!said || text.readOnly) return;
  text.readOnly = true;
  try {
    await post($("composer").action, { text: said, once });
    once = newId();
    text.value = "";
    sessionStorage.removeItem(DRAFT);
    tell("");
    await refreshConversation();
    $("messages").scrollTop = $("messages").scrollHeight;
  } catch (error) {
    tell(`Not sent. ${error.message}`);
  } finally {
    text.readOnly = false;
    text.focus();
  }
}

function hearTyping(text) {
  sessionStorage.setItem(DRAFT, text.value);
  if (Date.now() - saidAt < SAY_EVERY || !text.value) return;
  saidAt = Date.now();
  sayHere({ typing: "1" });
}

function choose(event, text) {
  const button = event.target.closest("[data-reply]");
  if (!button || text.disabled) return;
  text.setRangeText(button.dataset.reply, text.selectionStart, text.selectionEnd, "end");
  $("canned").open = false;
  text.dispatchEvent(new Event("input"));
  text.focus();
}

// Colleagues see who looks; the customer's messages count as read once they are on a
// screen that somebody has before them.
function bePresent() {
  const look = () => document.hidden || sayHere({});
  look();
  setInterval(look, HERE_EVERY);
  document.addEventListener("desk:conversation", () => {
    if (position() !== seen) look();
  });
  document.addEventListener("visibilitychange", () => (document.hidden ? leave() : look()));
  window.addEventListener("pagehide", leave);
}

let seen = 0;
function sayHere(fields) {
  seen = position();
  post(HERE, { seen, ...fields }).catch(() => {});
}

function leave() {
  const fields = { csrf: document.body.dataset.csrf, gone: "1" };
  navigator.sendBeacon(HERE, new URLSearchParams(fields));
}
