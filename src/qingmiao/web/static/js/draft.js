// A form that saves itself while one types, and says at each field what stands against it.
// The server keeps the text and knows the rules; without this script "Save" does the same.

const form = document.querySelector("form[data-draft]");
const saved = document.querySelector("[data-saved]");
const clock = document.querySelector("[data-clock]");
const PAUSE = 1200; // ms without a key before the text is sent
let waiting = 0;
let busy = false;
let again = false;
let leaving = null; // the button that was pressed while a save was under way: two saves at once would quarrel
const touched = new Set();

function tell(name, text) {
  const control = form.elements[name];
  const first = control instanceof RadioNodeList ? control[0] : control;
  const box = first?.closest(".qm-field");
  if (!box) return;
  let place = box.querySelector(".qm-wrongs");
  if (!text) return place?.remove();
  if (!place) {
    place = document.createElement("div");
    place.className = "qm-wrongs";
    place.id = `id_${name}_error`;
    place.setAttribute("role", "status");
    box.append(place);
  }
  const line = document.createElement("p");
  line.className = "qm-wrong";
  line.textContent = text;
  place.replaceChildren(line);
}

async function send() {
  if (busy) return void (again = true);
  busy = true;
  try {
    const answer = await fetch(form.dataset.draft, { method: "POST", body: new FormData(form) });
    if (!answer.ok) throw new Error(String(answer.status));
    const told = await answer.json();
    form.elements.version.value = told.version;
    const shown = [...form.elements].some((control) => control.name.startsWith("s_"));
    for (const name of touched) tell(name, told.faults[name]);
    if (saved) saved.textContent = told.saved;
    if (clock && told.clock) clock.textContent = told.clock;
    if (told.supplement.length > 0 !== shown) location.reload();
  } catch {
    if (saved) saved.textContent = saved.dataset.lost;
    waiting = setTimeout(send, 10 * PAUSE);
  }
  busy = false;
  if (leaving) return form.requestSubmit(leaving);
  if (again) {
    again = false;
    send();
  }
}

form.addEventListener("input", (event) => {
  if (event.target.name) touched.add(event.target.name);
  clearTimeout(waiting);
  waiting = setTimeout(send, PAUSE);
});
form.addEventListener("change", (event) => {
  if (event.target.name !== "disease") return;
  clearTimeout(waiting);
  send();
});
form.addEventListener("submit", (event) => {
  clearTimeout(waiting);
  if (!busy) return;
  event.preventDefault();
  leaving = event.submitter;
});
