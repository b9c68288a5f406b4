// What a tablet keeps while the server is away: the day's list and the queue, encrypted; the key only in memory.
// docs/adr/0070-a-tablet-without-the-server.md says why it is so.

const ITERATIONS = 600_000; // PBKDF2-SHA-256
const NAME = "qingmiao-offline";
const bytes = (text) => new TextEncoder().encode(text);
const base64 = (data) => btoa(String.fromCharCode(...new Uint8Array(data)));
const unbase64 = (text) => Uint8Array.from(atob(text), (one) => one.charCodeAt(0));

function database() {
  return new Promise((done, fail) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("kept");
      asked.result.createObjectStore("queue");
    };
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => fail(asked.error);
  });
}

async function inStore(store, mode, act) {
  const db = await database();
  return new Promise((done, fail) => {
    const transaction = db.transaction(store, mode, { durability: "strict" });
    const asked = act(transaction.objectStore(store));
    transaction.oncomplete = () => { db.close(); done(asked?.result); };
    transaction.onerror = transaction.onabort = () => { db.close(); fail(transaction.error); };
  });
}
const read = (store, key) => inStore(store, "readonly", (one) => one.get(key));
const write = (store, key, value) => inStore(store, "readwrite", (one) => one.put(value, key));
const remove = (store, key) => inStore(store, "readwrite", (one) => one.delete(key));

async function fromWord(word, salt) {
  const raw = await crypto.subtle.importKey("raw", bytes(word), "PBKDF2", false, ["deriveKey"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: ITERATIONS };
  return crypto.subtle.deriveKey(how, raw, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

async function seal(key, data, place) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const how = { name: "AES-GCM", iv, additionalData: bytes(place) };
  return { iv, data: await crypto.subtle.encrypt(how, key, data) };
}

async function unseal(key, sealed, place) {
  return crypto.subtle.decrypt({ name: "AES-GCM", iv: sealed.iv, additionalData: bytes(place) }, key, sealed.data);
}

export class WrongWord extends Error {}

export class Vault {
  #key = null;
  tablet = null; // { id, name }, readable without the word
  #number = 0;

  static async found() {
    const vault = new Vault();
    const held = await read("kept", "tablet");
    if (held) vault.tablet = { id: held.id, name: held.name };
    return vault;
  }

  get isOpen() { return this.#key !== null; }

  // A fresh key for this tablet; `enrol` tells the server, which keeps it for whoever forgets the word.
  async make(name, word, enrol) {
    const raw = crypto.getRandomValues(new Uint8Array(32));
    const id = this.tablet?.id ?? crypto.randomUUID();
    await enrol({ id, name, key: base64(raw) });
    await this.#keep(id, name, word, raw);
  }

  async #keep(id, name, word, raw) {
    const salt = crypto.getRandomValues(new Uint8Array(16));
    const wrapped = await seal(await fromWord(word, salt), raw, `key ${id}`);
    await write("kept", "tablet", { id, name, salt, wrapped });
    await this.#use(id, name, raw);
  }

  async #use(id, name, raw) {
    this.#key = await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);
    raw.fill(0);
    this.tablet = { id, name };
    this.#number = Math.max(0, ...(await this.#numbers()), (await read("kept", "last")) ?? 0);
  }

  async open(word) {
    const held = await read("kept", "tablet");
    let raw;
    try {
      raw = new Uint8Array(await unseal(await fromWord(word, held.salt), held.wrapped, `key ${held.id}`));
    } catch {
      throw new WrongWord();
    }
    await this.#use(held.id, held.name, raw);
  }

  // The word is forgotten: the server gave the key back, and a new word is set.
  async reopen(key, word) { await this.#keep(this.tablet.id, this.tablet.name, word, unbase64(key)); }

  lock() { this.#key = null; }

  // Signing out: the list goes; what is not sent stays, sealed.
  async leave() {
    this.lock();
    await remove("kept", "day");
  }

  async keepDay(day) { await write("kept", "day", await seal(this.#key, bytes(JSON.stringify(day)), "day")); }

  async day() {
    const sealed = await read("kept", "day");
    return sealed ? JSON.parse(new TextDecoder().decode(await unseal(this.#key, sealed, "day"))) : null;
  }

  #numbers() { return inStore("queue", "readonly", (one) => one.getAllKeys()); }

  async unsent() { return (await this.#numbers()).length; }

  // The event is on the disk when this returns; only then may the screen say so.
  async add(event) {
    const number = (this.#number += 1);
    const full = { revision: 1, ...event, number };
    await write("queue", number, await seal(this.#key, bytes(JSON.stringify(full)), `queue ${number}`));
    await write("kept", "last", number);
    return full;
  }

  async first(count) {
    const numbers = (await this.#numbers()).sort((a, b) => a - b).slice(0, count);
    const events = [];
    for (const number of numbers) {
      const sealed = await read("queue", number);
      if (sealed) events.push(JSON.parse(new TextDecoder().decode(await unseal(this.#key, sealed, `queue ${number}`))));
    }
    return events;
  }

  async taken(numbers) { for (const number of numbers) await remove("queue", number); }
}
