// What every part of the desk's page uses: who we are, how to ask, how to say.
export const csrf = document.body.dataset.csrf;
export const conversation = document.body.dataset.conversation;
export const $ = (id) => document.getElementById(id);

export class Refused extends Error {}

export async function get(path) {
  return await read(await fetch(path, { signal: AbortSignal.timeout(20_000) }));
}

export async function post(path, fields) {
  const body = fields instanceof FormData ? fields : new FormData();
  if (fields !== body) Object.entries(fields).forEach(([name, value]) => body.set(name, value));
  body.set("csrf", csrf);
  const init = {
    method: "POST",
    headers: { accept: "application/json" },
    body: new URLSearchParams(body),
    signal: AbortSignal.timeout(20_000),
  };
  return await (await read(await fetch(path, init))).json();
}

async function read(response) {
  if (response.status === 401) signIn();
  if (response.ok) return response;
  const body = await response.json().catch(() => ({}));
  throw new Refused(body.message ?? body.error ?? "That did not work. Please try again.");
}

export function signIn() {
  location.assign(`/desk/sign-in?next=${encodeURIComponent(location.pathname)}`);
}

const SHOWN_FOR = 10_000;
let hiding;

// Says something once, where everybody sees and hears it; what went well goes by itself.
export function tell(text, isGood = false) {
  clearTimeout(hiding);
  if (isGood) hiding = setTimeout(tell, SHOWN_FOR);
  const box = $("tell");
  box.textContent = text ?? "";
  box.hidden = !text;
  box.classList.toggle("good", isGood);
}

export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
