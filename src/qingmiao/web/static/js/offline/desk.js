// The tablet's screen: the day's list, the next act of each person, and how much is not yet sent.

const root = document.getElementById("tablet");
const words = JSON.parse(document.getElementById("words").textContent);
const { Vault, WrongWord } = await import(root.dataset.vault);
const IDLE_MS = 15 * 60_000;
const AT_ONCE = 200;
const LIST_MS = 120_000; // how old the list may be while nothing happens here
const NEXT = {
  named: "arrive", booked: "arrive", absent: "arrive", deferred: "arrive", declined: "arrive", left: "arrive",
  arrived: "consent", informed: "consent", consented: "screen", with_doctor: "screen", screened: "dose", observing: "release",
};
const AT_SITE = ["arrived", "informed", "consented", "with_doctor", "screened"];

const vault = await Vault.found();
let day = null; // the list as taken along, with the steps of this tablet on top
let token = "";
let behind = null; // seconds: server's clock minus ours
let reach = "unknown"; // online, offline, sign_in
let last = 0;
let fetched = 0;
let sending = false;
let chosen = null;

const show = (name) => { for (const part of root.querySelectorAll("[data-part]")) part.hidden = part.dataset.part !== name; };
const at = (name) => root.querySelector(`[data-is="${name}"]`);
const say = (text, ...values) => values.reduce((said, value) => said.replace("%s", value), text);
const clock = (time) => time.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Shanghai" });
const serverNow = () => new Date(Date.now() + (behind ?? 0) * 1000);

function tell(place, text) {
  place.textContent = text;
  place.hidden = !text;
}

function element(name, classes, text, ...inside) {
  const made = document.createElement(name);
  if (classes) made.className = classes;
  if (text) made.textContent = text;
  made.append(...inside);
  return made;
}

// --- the server, when it is there

async function ask(address, content) {
  const started = Date.now();
  let answer;
  try {
    answer = await fetch(address, {
      method: content ? "POST" : "GET",
      redirect: "manual",
      credentials: "same-origin",
      headers: content ? { "Content-Type": "application/json", "X-CSRFToken": token } : {},
      body: content ? JSON.stringify(content) : undefined,
      signal: AbortSignal.timeout(20_000),
    });
  } catch {
    reach = "offline";
    throw new Error("offline");
  }
  if (answer.type === "opaqueredirect" || answer.status === 401) {
    reach = "sign_in";
    throw new Error("sign_in");
  }
  if (answer.status >= 500) {
    reach = "offline";
    throw new Error("offline");
  }
  const found = await answer.json();
  reach = "online";
  if (!answer.ok) throw Object.assign(new Error(found.text ?? "refused"), { refused: true });
  const told = found.now ?? found.received_at;
  if (told) behind = (Date.parse(told) - (started + Date.now()) / 2) / 1000;
  return found;
}

async function fetchDay() {
  const found = await ask(root.dataset.day);
  token = found.token;
  fetched = Date.now();
  if (!vault.isOpen) return found;
  const waiting = await vault.first(100_000);
  day = { ...found, token: undefined };
  for (const event of waiting) applied(event);
  await vault.keepDay(day);
  return found;
}

async function send() {
  if (sending || !vault.isOpen) return;
  sending = true;
  try {
    if (!(await vault.unsent()) && Date.now() - fetched < LIST_MS) return void (await ask(root.dataset.health));
    if (!token) await fetchDay();
    for (;;) {
      const events = await vault.first(AT_ONCE);
      if (!events.length) break;
      const unsent = (await vault.unsent()) - events.length;
      const content = { tablet: vault.tablet.id, sent_at: new Date().toISOString(), unsent, events };
      const found = await ask(root.dataset.sync, content);
      const answers = new Map(found.answers.map((one) => [one.id, one]));
      await vault.taken(events.filter((one) => answers.has(one.id)).map((one) => one.number));
      note(found.answers.filter((one) => one.text), events);
      await counts();
    }
    await fetchDay();
    list();
  } catch (error) {
    if (error.refused) token = ""; // an old token: ask for a fresh one next time
  } finally {
    sending = false;
    await counts();
  }
}

function note(answers, events) {
  const names = new Map((day?.people ?? []).map((one) => [one.visit, one.name]));
  for (const answer of answers) {
    const event = events.find((one) => one.id === answer.id);
    const line = element("li", "", "", element("b", "", `${names.get(event?.visit) ?? ""} ${words.kinds[event?.kind] ?? ""}`), element("span", "muted", answer.text));
    at("aside").prepend(line);
    at("aside-box").hidden = false;
  }
}

// --- what is written down here

async function counts() {
  const unsent = vault.tablet ? await vault.unsent() : 0;
  at("unsent").textContent = say(unsent ? words.unsent : words.all_sent, unsent);
  at("reach").textContent = words[reach];
  const tone = reach === "online" ? (unsent ? "is-wait" : "is-go") : reach === "unknown" ? "is-later" : "is-stop";
  at("state").className = `qm-tag ${unsent && reach !== "online" ? "is-wait" : tone}`;
  root.dataset.unsent = unsent;
  root.dataset.reach = reach;
  at("sign-in").hidden = reach !== "sign_in";
  at("send").hidden = !unsent || !vault.isOpen;
}

const AFTER = { arrive: "arrived", consent: "consented", dose: "observing", release: "released" };

function applied(event) {
  const person = day?.people.find((one) => one.visit === event.visit);
  if (!person) return;
  if (event.kind === "dose") {
    person.state = event.content.is_withdrawn ? "screened" : "observing";
    const minutes = day.forms[person.product]?.minutes ?? 30;
    person.until = new Date(Date.parse(event.made_at) + (behind ?? 0) * 1000 + minutes * 60_000).toISOString();
  } else if (event.kind === "screen") person.state = event.content.expects;
  else if (event.kind === "away") person.state = event.content.event === "decline" ? "declined" : "left";
  else person.state = AFTER[event.kind];
  person.here = true;
}

async function writeDown(kind, content) {
  const event = {
    id: crypto.randomUUID(), kind, visit: chosen.visit, content, made_at: new Date().toISOString(), seconds_behind: behind,
  };
  const kept = await vault.add(event);
  applied(kept);
  await vault.keepDay(day);
  undoable(kept);
  close();
  list();
  await counts();
  send();
}

function undoable(event) {
  const bar = at("undo");
  bar.hidden = event.kind !== "dose";
  if (event.kind !== "dose") return;
  const person = day.people.find((one) => one.visit === event.visit);
  at("undo-text").textContent = say(words.given, person.name, clock(serverNow()));
  const until = Date.now() + day.withdraw_seconds * 1000;
  at("undo-do").onclick = async () => {
    if (Date.now() > until) return void (bar.hidden = true);
    const seconds = (Date.now() - Date.parse(event.made_at)) / 1000;
    const content = { ...event.content, is_withdrawn: true, seconds_after: seconds };
    const again = await vault.add({ ...event, revision: event.revision + 1, content });
    applied(again);
    await vault.keepDay(day);
    bar.hidden = true;
    list();
    await counts();
    send();
  };
  setTimeout(() => { if (bar.hidden === false && Date.now() >= until) bar.hidden = true; }, day.withdraw_seconds * 1000 + 500);
}

// --- the list

const may = (kind) => day.may.includes(kind);
function nextOf(person) {
  const kind = NEXT[person.state];
  return kind && may(kind) ? kind : null;
}

function list() {
  if (!day) return;
  const text = at("find").value.trim().toLowerCase();
  const wanted = at("show").value;
  const token = text.replace(/\/$/, "").split("/").pop();
  const fits = (one) =>
    (!text || [one.name, one.initials, one.ticket, one.unit].some((value) => value.toLowerCase().includes(text)) || one.token.toLowerCase() === token) &&
    (wanted === "all" || (wanted === "mine" ? nextOf(one) !== null : wanted === "out" ? !NEXT[one.state] : true));
  const people = day.people.filter(fits);
  at("count").textContent = say(words.people, people.length, day.people.length);
  at("as-of").textContent = say(words.as_of, clock(new Date(day.now)));
  at("people").replaceChildren(...people.slice(0, 200).map(row));
  at("nobody").hidden = people.length > 0;
}

function row(person) {
  const kind = nextOf(person);
  const facts = element("span", "line muted", "");
  for (const text of [person.ticket, words.sexes[person.sex], person.born_on, person.number, person.unit]) if (text) facts.append(element("span", "nowrap", text));
  const state = element("span", `qm-tag ${person.here ? "is-wait" : "is-later"}`, words.states[person.state] ?? person.state);
  const line = element("li", "", "", element("div", "", "", element("b", "name", person.name), facts), state);
  if (kind === "release" && serverNow() < new Date(person.until)) line.append(element("span", "muted", say(words.until, clock(new Date(person.until)))));
  else if (kind) {
    const button = element("button", "btn large", words.acts[kind]);
    button.type = "button";
    button.dataset.act = kind;
    button.onclick = () => open(person, kind);
    line.append(button);
  }
  line.dataset.visit = person.visit;
  return line;
}

// --- one step of one person

function options(select, rows) {
  const before = select.value;
  select.replaceChildren(...rows.map((one) => {
    const option = element("option", "", one.name);
    option.value = one.id;
    return option;
  }));
  if (rows.some((one) => String(one.id) === before)) select.value = before;
}

function open(person, kind) {
  chosen = person;
  const dialog = document.getElementById(`do-${kind}`);
  dialog.querySelector("[data-name]").textContent = person.name;
  dialog.querySelector("[data-facts]").textContent = [words.sexes[person.sex], person.born_on, person.number, person.unit].filter(Boolean).join("  ");
  dialog.querySelector("form").reset();
  const form = day.forms[person.product];
  if (kind === "arrive") options(dialog.querySelector("[name=area]"), day.areas);
  if (kind === "consent") consentOf(dialog, form);
  if (kind === "screen") questionsOf(dialog, form, person);
  if (kind === "dose") {
    const lots = day.lots.filter((one) => one.code === person.product);
    // Nothing is chosen beforehand: the vial in the hand is read for every person.
    options(dialog.querySelector("[name=lot]"), [{ id: "", name: words.read_vial }, ...lots.map((one) => ({ id: one.id, name: `${one.number}  ${one.expires_on}` }))]);
    dialog.querySelector("[name=lot]").value = "";
    options(dialog.querySelector("[name=desk]"), day.desks.filter((one) => one.step === "injection"));
  }
  const away = dialog.querySelector("[data-away]");
  if (away) away.hidden = !(may("away") && AT_SITE.includes(person.state));
  dialog.showModal();
}
function close() { for (const dialog of root.querySelectorAll("dialog[open]")) dialog.close(); }

const language = root.dataset.language.startsWith("zh") ? "zh" : "en";

function consentOf(dialog, form) {
  dialog.querySelector("[data-notice]").replaceChildren(
    element("h3", "", form.notice.title[language]), ...form.notice.paragraphs.map((one) => element("p", "", one[language])));
  dialog.querySelector("[data-sign-clear]")?.click();
}

function questionsOf(dialog, form, person) {
  dialog.querySelector("[data-questions]").replaceChildren(...form.questions
    .filter((one) => !one.only_sex || one.only_sex === person.sex || !["1", "2"].includes(person.sex))
    .map((question) => {
      const set = element("fieldset", "", "", element("legend", "", question.ask[language]));
      for (const answer of ["no", "yes", "unsure"]) {
        const input = element("input", "choice");
        Object.assign(input, { type: "radio", name: `q-${question.id}`, value: answer, id: `q-${question.id}-${answer}`, required: true });
        const label = element("label", `btn ${answer === "no" ? "is-go" : "is-wait"}`, words.answers[answer]);
        label.htmlFor = input.id;
        set.append(input, label);
      }
      return element("li", "", "", set);
    }));
}

// What the answers will mean, as far as this tablet can tell; the server judges them again by the whole rule.
function expects(form, answers, celsius) {
  const ranks = ["go", "doctor", "defer", "contraindicated"];
  let worst = celsius > form.fever_above ? "defer" : "go";
  for (const question of form.questions) {
    const outcome = question.outcomes[answers[question.id]] ?? "go";
    if (ranks.indexOf(outcome) > ranks.indexOf(worst)) worst = outcome;
  }
  return { go: "screened", doctor: "with_doctor", defer: "deferred", contraindicated: "contraindicated" }[worst];
}

const READ = {
  arrive: (sent) => ({ area: Number(sent.get("area")) }),
  consent: (sent) => ({
    identity: sent.getAll("identity"), signature: sent.get("signature"), typed: sent.get("typed").trim(),
    relation: sent.get("relation"), signer: sent.get("signer").trim(), language: root.dataset.language,
  }),
  screen: (sent) => {
    const answers = {};
    for (const [name, value] of sent) if (name.startsWith("q-")) answers[name.slice(2)] = value;
    return { answers, celsius: sent.get("celsius"), expects: expects(day.forms[chosen.product], answers, Number(sent.get("celsius"))) };
  },
  dose: (sent) => ({ lot: Number(sent.get("lot")), desk: Number(sent.get("desk")), body_site: sent.get("body_site") }),
  release: () => ({}),
  away: (sent) => ({ event: sent.get("event"), reason: sent.get("reason").trim() }),
};
const WRONG = {
  consent: (content) => content.identity.length < 2 ? words.two_fields : !content.signature && !content.typed ? words.no_signature : "",
  dose: (content) => content.lot ? "" : words.no_lot,
};

root.addEventListener("submit", async (event) => {
  const form = event.target;
  const kind = form.dataset.kind;
  if (!kind) return;
  event.preventDefault();
  event.stopPropagation();
  const content = READ[kind](new FormData(form));
  const wrong = WRONG[kind]?.(content) ?? "";
  const told = form.querySelector("[data-wrong]");
  if (told) tell(told, wrong);
  if (!wrong) await writeDown(kind, content);
}, true);

for (const button of root.querySelectorAll("[data-away]")) button.addEventListener("click", () => { const person = chosen; close(); open(person, "away"); });

// --- opening, closing, sending

async function opened() {
  last = Date.now();
  day = await vault.day();
  show("list");
  list();
  await counts();
  await fetchDay().catch(() => {});
  list();
  await counts();
  send();
}

async function lock() {
  vault.lock();
  day = chosen = null;
  at("people").replaceChildren();
  close();
  show("open");
  await counts();
}

async function tried(form, act) {
  const told = form.querySelector("[data-wrong]");
  tell(told, "");
  const button = form.querySelector("button");
  button.disabled = true;
  try {
    await act(new FormData(form));
    form.reset();
    await opened();
  } catch (error) {
    tell(told, error instanceof WrongWord ? words.wrong_word : error.refused ? error.message : words[error.message] ?? words.offline);
  } finally {
    button.disabled = false;
  }
}

at("make-form").addEventListener("submit", (event) => {
  event.preventDefault();
  event.stopPropagation();
  tried(event.target, async (sent) => {
    await fetchDay();
    await vault.make(sent.get("name").trim(), sent.get("word"), (tablet) => ask(root.dataset.enrol, tablet));
  });
}, true);
at("open-form").addEventListener("submit", (event) => {
  event.preventDefault();
  event.stopPropagation();
  tried(event.target, (sent) => vault.open(sent.get("word")));
}, true);
at("forgot-form").addEventListener("submit", (event) => {
  event.preventDefault();
  event.stopPropagation();
  tried(event.target, async (sent) => {
    await fetchDay();
    const found = await ask(root.dataset.key.replace("00000000-0000-0000-0000-000000000000", vault.tablet.id), {});
    await vault.reopen(found.key, sent.get("word"));
  });
}, true);
at("lock").addEventListener("click", lock);
at("leave").addEventListener("click", async () => { await vault.leave(); await lock(); location.assign("/"); });
at("send").addEventListener("click", send);
at("find").addEventListener("input", list);
at("show").addEventListener("change", list);
for (const sign of ["pointerdown", "keydown"]) addEventListener(sign, () => { last = Date.now(); });
addEventListener("online", send);
setInterval(() => {
  if (vault.isOpen && Date.now() - last > IDLE_MS) lock();
  else if (vault.isOpen) { send(); if (!document.querySelector("dialog[open]")) list(); }
}, Number(root.dataset.every || 10) * 1000);
addEventListener("beforeunload", (event) => { if (Number(root.dataset.unsent) && reach !== "online") event.preventDefault(); });

if ("serviceWorker" in navigator) navigator.serviceWorker.register(root.dataset.worker, { scope: root.dataset.scope });
if (vault.tablet) at("tablet-name").textContent = vault.tablet.name;
show(vault.tablet ? "open" : "make");
await counts();
fetchDay().catch(() => {}).finally(counts);
root.dataset.ready = "1";
