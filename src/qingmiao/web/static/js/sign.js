// Signature pads: finger, pen or mouse draw a path in a 600 × 200 space, kept in the hidden field.

const WIDTH = 600;
const HEIGHT = 200;

function pad(box) {
  const canvas = box.querySelector("canvas");
  const field = box.querySelector("input[type=hidden]");
  const says = box.querySelector("[data-sign-says]");
  const pen = canvas.getContext("2d");
  let strokes = read(field.value);
  let stroke = null;

  function draw() {
    const scale = window.devicePixelRatio || 1;
    canvas.width = canvas.clientWidth * scale;
    canvas.height = canvas.clientHeight * scale;
    pen.scale(canvas.width / WIDTH, canvas.height / HEIGHT);
    pen.lineWidth = 3;
    pen.lineCap = pen.lineJoin = "round";
    pen.strokeStyle = getComputedStyle(canvas).color;
    for (const points of strokes) {
      pen.beginPath();
      points.forEach(([x, y], index) => (index ? pen.lineTo(x, y) : pen.moveTo(x, y)));
      if (points.length === 1) pen.lineTo(points[0][0] + 0.1, points[0][1]);
      pen.stroke();
    }
  }
  function at(event) {
    const edge = canvas.getBoundingClientRect();
    const within = (value, most) => Math.round(Math.min(most, Math.max(0, value)));
    return [
      within(((event.clientX - edge.left) / edge.width) * WIDTH, WIDTH),
      within(((event.clientY - edge.top) / edge.height) * HEIGHT, HEIGHT),
    ];
  }
  function keep() {
    field.value = strokes.map((points) => points.map(([x, y], index) => `${index ? "L" : "M"}${x} ${y}`).join("")).join("");
    box.dispatchEvent(new CustomEvent("qm:signed", { bubbles: true, detail: { empty: !strokes.length } }));
  }
  canvas.addEventListener("pointerdown", (event) => {
    if (!event.isPrimary || event.button) return;
    event.preventDefault();
    canvas.setPointerCapture(event.pointerId);
    strokes.push((stroke = [at(event)]));
    draw();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!stroke) return;
    for (const step of event.getCoalescedEvents?.() ?? [event]) {
      const [x, y] = at(step);
      const [lastX, lastY] = stroke[stroke.length - 1];
      if (Math.hypot(x - lastX, y - lastY) >= 2) stroke.push([x, y]);
    }
    draw();
  });
  for (const end of ["pointerup", "pointercancel"]) {
    canvas.addEventListener(end, () => {
      if (!stroke) return;
      stroke = null;
      keep();
      says.textContent = says.dataset.drawn;
    });
  }
  box.querySelector("[data-sign-clear]").addEventListener("click", () => {
    strokes = [];
    draw();
    keep();
    says.textContent = says.dataset.cleared;
  });
  new ResizeObserver(draw).observe(canvas);
}

function read(path) {
  return (path.match(/M[^M]+/g) ?? []).map((part) => [...part.matchAll(/[ML](\d+) (\d+)/g)].map(([, x, y]) => [Number(x), Number(y)]));
}

for (const box of document.querySelectorAll("[data-sign]")) pad(box);
