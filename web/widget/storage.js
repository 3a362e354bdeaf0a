// What the browser keeps for us; where it refuses to, this page remembers by itself.
class Memory {
  constructor() {
    this.items = new Map();
  }

  getItem(key) {
    return this.items.get(key) ?? null;
  }

  setItem(key, value) {
    this.items.set(key, value);
  }

  removeItem(key) {
    this.items.delete(key);
  }

  keys() {
    return [...this.items.keys()];
  }
}

class Kept {
  constructor(storage) {
    this.storage = storage;
  }

  getItem(key) {
    return this.storage.getItem(key);
  }

  setItem(key, value) {
    this.storage.setItem(key, value);
  }

  removeItem(key) {
    this.storage.removeItem(key);
  }

  keys() {
    return Object.keys(this.storage);
  }
}

function usable(name) {
  try {
    window[name].setItem("journey-coach.try", "yes");
    window[name].removeItem("journey-coach.try");
    return new Kept(window[name]);
  } catch {
    return new Memory();
  }
}

export const lasting = usable("localStorage");
export const passing = usable("sessionStorage");
