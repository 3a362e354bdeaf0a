// The page without a conversation says who waits, as the lists beside it do.
import { $ } from "./page.js";

export function greet() {
  if ($("nobody")) document.addEventListener("desk:board", count);
}

function count() {
  const waiting = document.querySelectorAll("#waiting a");
  $("nobody").hidden = waiting.length > 0;
  $("some").hidden = !waiting.length;
  $("how-many").textContent = waiting.length;
  if (waiting.length) $("first").href = waiting[0].href;
}
