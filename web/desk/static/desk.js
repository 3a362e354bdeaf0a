// The desk's page: each part in a module of its own.
import { obey } from "./acts.js";
import { ring } from "./bell.js";
import { write } from "./composer.js";
import { greet } from "./hello.js";
import { hear } from "./keys.js";
import { $, conversation } from "./page.js";
import { showEarlier } from "./parts.js";
import { listen } from "./stream.js";
import { keepFresh } from "./times.js";

const dark = matchMedia("(prefers-color-scheme: dark)");
$("theme").addEventListener("click", () => {
  const root = document.documentElement;
  const now = root.dataset.theme ?? (dark.matches ? "dark" : "light");
  root.dataset.theme = now === "dark" ? "light" : "dark";
  localStorage.setItem("desk.theme", root.dataset.theme);
});
document.addEventListener("click", (event) => {
  const earlier = event.target.closest("a.earlier");
  if (earlier) {
    event.preventDefault();
    showEarlier(earlier);
  }
  if (event.target.closest("#about")) $("side").classList.add("shown");
  if (event.target.closest("[data-close]")) $("side").classList.remove("shown");
});

obey();
hear();
ring();
greet();
keepFresh();
if (conversation) write();
listen();
