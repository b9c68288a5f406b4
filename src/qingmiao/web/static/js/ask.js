// Screening: the consequence of an answer opens at once, and the bar says which questions are still open.

const form = document.querySelector("[data-ask]");
const open = document.querySelector("[data-ask-open]");

function show() {
  let missing = 0;
  for (const row of form.querySelectorAll("[data-question]")) {
    const chosen = row.querySelector("input[type=radio]:checked")?.value;
    missing += chosen ? 0 : 1;
    for (const note of row.querySelectorAll("[data-if]")) note.hidden = note.dataset.if !== chosen;
    const day = row.querySelector("[data-day]");
    if (day) day.hidden = chosen !== "yes";
  }
  if (open) open.textContent = missing ? open.dataset.words.replace("0", String(missing)) : open.dataset.none;
}

form.addEventListener("change", show);
show();
