// Hears which part of the page is behind. One tab of a browser listens always, for the
// notices; the others only while somebody looks at them: a browser has few connections.
import { conversation, get, signIn, tell } from "./page.js";
import { refreshBoard, refreshConversation } from "./parts.js";

const AFTER_HIDDEN = 5_000;
let source = null;
let isFirst = false;
let hiding;

export function leads() {
  return isFirst;
}

export function listen() {
  document.addEventListener("visibilitychange", follow);
  navigator.locks?.request("desk", () => {
    isFirst = true;
    connect();
    return new Promise(() => {});
  });
  connect();
}

function follow() {
  clearTimeout(hiding);
  if (document.hidden && !isFirst) hiding = setTimeout(disconnect, AFTER_HIDDEN);
  else if (!source) connect();
}

function disconnect() {
  source?.close();
  source = null;
}

function connect() {
  if (source) return;
  source = new EventSource(`/desk/events${conversation ? `?conversation=${conversation}` : ""}`);
  source.addEventListener("ready", () => catchUp());
  source.addEventListener("board", () => quietly(refreshBoard));
  source.addEventListener("conversation", () => quietly(refreshConversation));
  source.addEventListener("gone", signIn);
  source.addEventListener("error", lost);
}

async function catchUp() {
  tell("");
  await quietly(refreshBoard);
  await quietly(refreshConversation);
}

function lost() {
  tell("The connection is lost, trying again.");
  if (source.readyState !== EventSource.CLOSED) return;
  disconnect();
  // An answer that a stream cannot use: signed out, or the process starts anew.
  setTimeout(() => get("/desk/board").then(connect, () => lostAgain()), 2_000);
}

function lostAgain() {
  setTimeout(connect, 3_000);
}

async function quietly(refresh) {
  try {
    await refresh();
  } catch {
    // The next event, or the next connection, brings it.
  }
}
