// The conversation as this page knows it: one entry for each id, in the order of
// the server's positions, with what is still on its way at the end.
export class Timeline {
  constructor() {
    this.entries = new Map();
    this.sequence = 0;
  }

  get(key) {
    return this.entries.get(key);
  }

  // Takes a message from the server; returns whether the page did not have it yet.
  take(message) {
    const known = this.entries.get(message.id);
    this.entries.set(message.id, { ...message, state: "sent", order: message.position });
    return !known || known.state !== "sent";
  }

  // Takes a message that was written here and is not confirmed.
  wrote(message) {
    const order = 1e12 + this.sequence++;
    const at = message.at ?? new Date().toISOString();
    this.entries.set(message.id, { ...message, at, direction: "in", state: "sending", order });
  }

  change(key, changes) {
    const entry = this.entries.get(key);
    if (entry) this.entries.set(key, { ...entry, ...changes });
  }

  keys() {
    const entries = [...this.entries.values()];
    return entries.sort((one, other) => one.order - other.order).map((entry) => entry.id);
  }

  // Quick replies belong to the last thing said; later ones have taken their place.
  isAnswered(entry) {
    return [...this.entries.values()].some(
      (other) => other.direction === "in" && other.order > entry.order,
    );
  }

  first() {
    const positions = [...this.entries.values()].map((entry) => entry.position);
    return Math.min(...positions.filter((position) => position > 0));
  }

  clear() {
    this.entries.clear();
  }
}
