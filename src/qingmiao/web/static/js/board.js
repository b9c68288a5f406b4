// Wall boards: ask again every few seconds, say a new call twice, and never show old news as if it were new.

const body = document.body;
const every = Number(body.dataset.every || 3) * 1000;
const note = document.querySelector("[data-stale-note]");
const voice = document.querySelector("[data-voice]");
let heard = null;
let fresh = new Date();
let mayCall = false;

const clock = (time) => time.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Shanghai" });

function call() {
  const now = document.querySelector("[data-call]");
  if (!now || now.dataset.call === heard) return;
  const first = heard === null;
  heard = now.dataset.call;
  if (!mayCall || !now.dataset.say || (first && !heard)) return;
  speechSynthesis.cancel();
  for (let times = 0; times < 2; times += 1) {
    const words = new SpeechSynthesisUtterance(now.dataset.say);
    words.lang = document.documentElement.lang;
    words.rate = 0.9;
    speechSynthesis.speak(words);
  }
}

async function refresh() {
  try {
    const answer = await fetch(location.href, { credentials: "same-origin", signal: AbortSignal.timeout(every * 2) });
    if (!answer.ok) throw new Error(String(answer.status));
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const parts = [...page.body.children].filter((part) => part.localName !== "header");
    if (!page.body.matches("[data-board]") || !parts.length) throw new Error("not a board");
    for (const old of [...body.children]) if (old.localName !== "header") old.remove();
    body.append(...parts.map((part) => document.importNode(part, true)));
    fresh = new Date();
    note.textContent = "";
    call();
  } catch {
    note.textContent = `${body.dataset.stale} ${clock(fresh)}`;
  }
  document.querySelector("[data-clock]").textContent = clock(new Date());
  setTimeout(refresh, every);
}

// Browsers speak only after a person has pressed something on the page.
if (voice && "speechSynthesis" in window) {
  voice.hidden = false;
  voice.addEventListener("click", () => {
    mayCall = true;
    voice.hidden = true;
    heard = null;
    call();
  });
}
call();
setTimeout(refresh, every);
