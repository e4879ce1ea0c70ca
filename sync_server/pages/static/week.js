// Dragging a visit fills in the form that the keys use, and sends it. Everything works without it.

const form = document.querySelector("form[data-week]");
let dragged = null;

for (const visit of form.querySelectorAll("label.visit")) {
  visit.draggable = true;
  visit.addEventListener("dragstart", (event) => {
    dragged = visit.querySelector("input");
    event.dataTransfer.setData("text/plain", dragged.value);
    event.dataTransfer.effectAllowed = "move";
  });
  visit.addEventListener("dragend", () => (dragged = null));
}
for (const cell of form.querySelectorAll("td[data-day]")) {
  cell.addEventListener("dragover", (event) => {
    if (!dragged || cell.contains(dragged)) return;
    event.preventDefault();
    cell.classList.add("over");
  });
  cell.addEventListener("dragleave", () => cell.classList.remove("over"));
  cell.addEventListener("drop", (event) => {
    event.preventDefault();
    dragged.checked = true;
    form.elements.assessor.value = cell.dataset.assessor;
    form.elements.day.value = cell.dataset.day;
    form.requestSubmit(form.querySelector("button:not([disabled])"));
  });
}
