// The whole chat behind one <script>: reads its own tag, puts itself on the page.
import { CoachPanel } from "./panel.js";
import { Transport } from "./transport.js";

const script = document.currentScript;
const { userId, signature, idToken, name } = script.dataset;
const who = { userId, signature, idToken, name };
const transport = new Transport(new URL(script.src).origin, who);

function start() {
  customElements.define("journey-coach", CoachPanel);
  const panel = document.createElement("journey-coach");
  panel.begin(transport);
  document.body.append(panel);
}

if (document.readyState === "loading") {
  document.addEventListener("DOMContentLoaded", start, { once: true });
} else {
  start();
}
