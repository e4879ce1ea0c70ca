// Areas drawn on a photo go into the fields below it, and what is typed there is drawn. The fields work without it.

const picture = document.querySelector("[data-marks]");
const areas = [...document.querySelectorAll("[data-area]")].map((one) => [...one.querySelectorAll("input")]);
const drawing = picture?.querySelector("svg");
const photo = picture?.querySelector("img");

function draw() {
  const rects = areas
    .map((fields) => fields.map((field) => Number(field.value) * 10))
    .filter(([left, top, width, height]) => left >= 0 && top >= 0 && width > 0 && height > 0)
    .map(([x, y, width, height]) => {
      const rect = document.createElementNS("http://www.w3.org/2000/svg", "rect");
      for (const [name, value] of Object.entries({ x, y, width, height })) rect.setAttribute(name, value);
      return rect;
    });
  drawing.replaceChildren(...rects);
}

// In per cent of the photo, one decimal, within it.
function at(event) {
  const box = photo.getBoundingClientRect();
  const part = (value, size) => Math.round(Math.min(1, Math.max(0, value / size)) * 1000) / 10;
  return [part(event.clientX - box.left, box.width), part(event.clientY - box.top, box.height)];
}

if (drawing) {
  let begun = null;
  let fields = null;
  drawing.addEventListener("pointerdown", (event) => {
    fields = areas.find((one) => one.every((field) => !field.value));
    if (!fields) return;
    begun = at(event);
    drawing.setPointerCapture(event.pointerId);
    event.preventDefault();
  });
  drawing.addEventListener("pointermove", (event) => {
    if (!begun) return;
    const here = at(event);
    const first = here.map((value, axis) => Math.min(value, begun[axis]));
    const size = here.map((value, axis) => Math.abs(value - begun[axis]));
    [...first, ...size].forEach((value, number) => (fields[number].value = value.toFixed(1)));
    draw();
  });
  const end = () => {
    // A press without a move marks nothing.
    if (begun && !(Number(fields[2].value) && Number(fields[3].value))) for (const field of fields) field.value = "";
    begun = null;
    draw();
  };
  drawing.addEventListener("pointerup", end);
  drawing.addEventListener("pointercancel", end);
  for (const field of areas.flat()) field.addEventListener("input", draw);
  draw();
}
