// Forms that do something with a conversation: sent without leaving the page.
import { $, conversation, post, tell } from "./page.js";
import { refreshBoard, refreshConversation } from "./parts.js";

export function obey() {
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-act]");
    if (!form) return;
    event.preventDefault();
    send(form, event.submitter);
  });
  document.addEventListener("click", (event) => {
    for (const open of document.querySelectorAll("details.pop[open]")) {
      if (!open.contains(event.target)) open.open = false;
    }
  });
}

async function send(form, submitter) {
  const fields = new FormData(form, submitter);
  if (submitter) submitter.disabled = true;
  try {
    const { told } = await post(form.action, fields);
    await done(form, told);
  } catch (error) {
    tell(error.message);
  } finally {
    if (submitter) submitter.disabled = false;
  }
}

async function done(form, told) {
  // A promise is none of the conversation that is open: the page stays.
  const id = form.action.match(/conversations\/([^/]+)\//)?.[1] ?? conversation;
  if (id !== conversation) return location.assign(`/desk/conversations/${id}`);
  form.reset();
  form.closest("details.pop")?.removeAttribute("open");
  tell(told, true);
  await Promise.all([refreshConversation(), refreshBoard()]);
  if (form.dataset.act === "take" || form.dataset.act === "reopen") $("text").focus();
  // Never a button: a second Enter would take back what was just handed over.
  else if (form.dataset.act !== "note") $("owner")?.focus();
}
