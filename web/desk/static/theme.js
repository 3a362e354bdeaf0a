// Light or dark as the agent chose on this machine; before the page is painted.
const chosen = localStorage.getItem("desk.theme");
if (chosen) document.documentElement.dataset.theme = chosen;
