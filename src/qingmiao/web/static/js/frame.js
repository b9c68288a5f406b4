// What every page may use: search by slash, scanners, dialogs, clocks, slips, and no form sent twice.

const typing = (element) => element?.closest("input, textarea, select, [contenteditable]");

// "/" goes to the search field; any other key outside a field goes to the scan field, where a scanner's keys belong.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.key.length !== 1) return;
  if (typing(event.target) || document.querySelector("dialog[open]")) return;
  const field = event.key === "/" ? document.getElementById("qm-find") : document.querySelector("[data-scan]");
  if (!field || (event.key === " " && event.target !== document.body)) return;
  if (event.key === "/") event.preventDefault();
  field.focus();
  field.select();
});

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (opener) {
    event.preventDefault();
    document.getElementById(opener.dataset.opens).showModal();
  }
  if (event.target.closest("[data-closes]")) event.target.closest("dialog")?.close();
  const slip = event.target.closest("a[data-print]");
  if (slip) {
    event.preventDefault();
    printSlip(slip.dataset.print);
  }
  if (event.target.closest("[data-print-here]")) window.print();
  for (const menu of document.querySelectorAll(".qm-who[open]")) if (!menu.contains(event.target)) menu.open = false;
});

document.addEventListener("keyup", (event) => {
  if (event.key === "Escape") for (const menu of document.querySelectorAll(".qm-who[open]")) menu.open = false;
});

// A second press, or a second Enter of a scanner, must not send a form again.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "1";
});
window.addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sent;
});

// data-until="2026-11-22T10:29:00+08:00" around data-left="minutes" (rounded up) or "clock" (1:42).
function tick() {
  for (const box of document.querySelectorAll("[data-until]")) {
    const seconds = Math.max(0, Math.ceil((Date.parse(box.dataset.until) - Date.now()) / 1000));
    for (const place of box.querySelectorAll("[data-left]")) place.textContent = left(seconds, place.dataset.left);
    if (seconds > 0) continue;
    if ("gone" in box.dataset) box.hidden = true;
    else if (!box.dataset.over) {
      box.dataset.over = "1";
      box.dispatchEvent(new CustomEvent("qm:over", { bubbles: true }));
    }
  }
}
const left = (seconds, unit) =>
  unit === "clock" ? `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}` : String(Math.ceil(seconds / 60));
if (document.querySelector("[data-until]")) {
  tick();
  setInterval(tick, 1000);
}
document.addEventListener("htmx:afterSwap", tick);

// A slip is fetched and printed in place of the page: no second window, no frame.
async function printSlip(address) {
  const answer = await fetch(address, { credentials: "same-origin" });
  if (!answer.ok) return void location.assign(address);
  const slip = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector(".qm-slip");
  if (!slip) return void location.assign(address);
  const paper = document.createElement("div");
  paper.className = "qm-paper only-print";
  paper.append(document.importNode(slip, true));
  document.body.append(paper);
  document.body.classList.add("prints");
  window.addEventListener("afterprint", () => {
    paper.remove();
    document.body.classList.remove("prints");
  }, { once: true });
  window.print();
}
// data-print-now: print once when the page opens, and not again when it is loaded again.
for (const link of document.querySelectorAll("[data-print][data-print-now]")) {
  const mark = `printed:${link.dataset.print}`;
  if (!sessionStorage.getItem(mark)) {
    sessionStorage.setItem(mark, "1");
    printSlip(link.dataset.print);
  }
}
if ("printNow" in document.body.dataset) window.print();

// Many desks scroll, sideways in the bar of a phone: the current one is in sight.
const here = document.querySelector(".qm-desks [aria-current]");
const column = here?.offsetParent;
column?.scrollTo(here.offsetLeft - column.clientWidth / 2, here.offsetTop - column.clientHeight / 2);
