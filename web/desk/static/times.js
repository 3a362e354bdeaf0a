// "4 min" becomes "5 min" while the page is open.
const UNITS = [
  [86_400, "d"],
  [3_600, "h"],
  [60, "min"],
];

export function tick() {
  for (const element of document.querySelectorAll("time.since")) {
    const seconds = (Date.now() - Date.parse(element.dateTime)) / 1000;
    const unit = UNITS.find(([size]) => seconds >= size);
    element.textContent = unit ? `${Math.floor(seconds / unit[0])} ${unit[1]}` : "now";
  }
}

export function keepFresh() {
  setInterval(tick, 15_000);
}
