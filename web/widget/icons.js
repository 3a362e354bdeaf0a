// Two drawings, made without markup.
const NAMESPACE = "http://www.w3.org/2000/svg";

function drawing(path) {
  const svg = document.createElementNS(NAMESPACE, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const line = document.createElementNS(NAMESPACE, "path");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}

export const cross = () => drawing("M6 6l12 12M18 6L6 18");
export const bubble = () => drawing("M4 5h16v11H10l-5 4v-4H4zM8.5 9.5h7M8.5 12.5h4.5");
