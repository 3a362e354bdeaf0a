// A sound and a notice when somebody new waits, or writes to you while you look elsewhere.
import { $ } from "./page.js";
import { leads } from "./stream.js";

const KEY = "desk.notices";
let known = null;

export function ring() {
  const button = $("bell");
  const show = () => button.setAttribute("aria-pressed", String(isOn()));
  button.addEventListener("click", async () => {
    localStorage.setItem(KEY, isOn() ? "" : "on");
    show();
    if (!isOn()) return;
    play();
    if ("Notification" in window) await Notification.requestPermission();
  });
  document.addEventListener("desk:board", compare);
  show();
  compare();
}

function isOn() {
  return Boolean(localStorage.getItem(KEY));
}

function compare() {
  const waiting = [...document.querySelectorAll("#waiting a")].map((link) => [link.dataset.conversation, link]);
  const written = [...document.querySelectorAll("#mine .unread a")].map((link) => [
    `${link.dataset.conversation} ${link.querySelector(".last").textContent}`,
    link,
  ]);
  const now = new Map([...waiting, ...written]);
  document.title = document.title.replace(/^(\(\d+\) )?/, waiting.length ? `(${waiting.length}) ` : "");
  const fresh = known ? [...now].filter(([key]) => !known.has(key)) : [];
  known = new Set(now.keys());
  if (fresh.length && isOn() && leads()) notify(fresh[0][1], waiting.some(([key]) => key === fresh[0][0]));
}

function notify(link, isRequest) {
  play();
  if (!("Notification" in window) || Notification.permission !== "granted" || document.hasFocus()) return;
  const title = isRequest ? "Somebody asks for a person" : "A customer wrote to you";
  const notice = new Notification(title, { body: link.querySelector(".who").textContent, tag: link.dataset.conversation });
  notice.onclick = () => {
    window.focus();
    location.assign(link.href);
  };
}

let audio;
function play() {
  audio ??= new AudioContext();
  const start = audio.currentTime;
  for (const [pitch, after] of [[660, 0], [880, 0.14]]) {
    const tone = new OscillatorNode(audio, { frequency: pitch });
    const loudness = new GainNode(audio, { gain: 0.12 });
    loudness.gain.exponentialRampToValueAtTime(0.001, start + after + 0.3);
    tone.connect(loudness).connect(audio.destination);
    tone.start(start + after);
    tone.stop(start + after + 0.32);
  }
}
