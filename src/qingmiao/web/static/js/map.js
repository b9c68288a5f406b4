// Places of the map follow the finger, pen or mouse; where they are let go stands in the fields that are sent.

const SHEET = 1000;

for (const svg of document.querySelectorAll("[data-map] svg")) {
  const unit = SHEET / svg.viewBox.baseVal.width;
  const fields = (part) => ["x", "y"].map((axis) => document.querySelector(`[name=${axis}${part.dataset.place}]`));
  for (const part of svg.querySelectorAll("[data-place]")) {
    let from = null;
    let [left, top] = [0, 0];
    part.addEventListener("pointerdown", (event) => {
      if (!event.isPrimary || event.button) return;
      part.setPointerCapture(event.pointerId);
      from = [event.clientX, event.clientY, left, top];
      svg.append(part); // the one in hand lies on top
    });
    part.addEventListener("pointermove", (event) => {
      if (!from) return;
      const wide = svg.viewBox.baseVal.width / svg.clientWidth;
      [left, top] = [from[2] + (event.clientX - from[0]) * wide, from[3] + (event.clientY - from[1]) * wide];
      part.setAttribute("transform", `translate(${left} ${top})`);
    });
    part.addEventListener("pointerup", () => {
      if (!from) return;
      fields(part).forEach((field, axis) => {
        const moved = (axis ? top : left) * unit;
        field.value = Math.max(0, Math.round(Number(field.defaultValue) + moved));
      });
      from = null;
    });
  }
}
