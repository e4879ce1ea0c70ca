// What forms do beyond plain HTML: keep what is typed, send a filter when it changes, send nothing twice; and printing.
// Everything works without it.

// What is typed into forms that decide and not sent yet: [action of the form, field, words].
function typedWords() {
  return [...document.querySelectorAll("form[method=post] :is(textarea, input:not([type=hidden], [type=password], [type=file]))")]
    .filter((field) => field.value !== field.defaultValue)
    .map((field) => [field.form.getAttribute("action"), field.id, field.value]);
}

const whose = () => document.querySelector("input[name=by]")?.value ?? "";

// Load the page anew; the words go along with this entry of the history, for the same account.
function reload() {
  history.replaceState({ words: typedWords(), by: whose() }, "");
  location.reload();
}

function refill() {
  const { words, by } = history.state ?? {};
  history.replaceState(null, "");
  for (const [, id, typed] of by && by === whose() ? words : []) {
    const field = document.getElementById(id);
    if (!field) continue;
    field.value = typed;
    for (let outer = field.closest("details"); outer; outer = outer.parentElement.closest("details")) outer.open = true;
  }
}

refill();
addEventListener("session-over", (event) => typedWords().length && event.preventDefault()); // words wait here
for (const form of document.querySelectorAll("form[data-send-on-change]")) {
  form.addEventListener("change", (event) => event.target.matches("select") && form.requestSubmit());
}
// A table's box is a stop of the keyboard only while there is something to scroll.
const sizes = new ResizeObserver((seen) => {
  for (const box of new Set(seen.map(({ target }) => target.closest(".table")))) {
    box.tabIndex = box.scrollWidth > box.clientWidth ? 0 : -1;
  }
});
document.querySelectorAll(".table, .table > table").forEach((part) => sizes.observe(part));
// Paper cannot be unfolded.
addEventListener("beforeprint", () => {
  const folded = [...document.querySelectorAll("details:not([open])")];
  folded.forEach((one) => (one.open = true));
  addEventListener("afterprint", () => folded.forEach((one) => (one.open = false)), { once: true });
});
// A one-time code stands behind the # of its link, which no server is sent; nor does it stay in the history.
for (const field of document.querySelectorAll("[data-from-fragment]")) {
  if (location.hash.length < 2) continue;
  field.value = decodeURIComponent(location.hash.slice(1));
  history.replaceState(null, "", location.pathname);
}
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
for (const button of document.querySelectorAll("[data-reload]")) {
  button.addEventListener("click", reload);
}
addEventListener("keydown", (event) => {
  const field = event.target;
  if (event.key !== "Enter" || !field.matches("input:not([type=file])") || !field.form?.querySelector("[data-guard]")) return;
  event.preventDefault(); // FORM-1
});
for (const form of document.querySelectorAll("form[method=post]")) {
  // Twice tapped is sent once. The guard (FORM-1) stays as it is: no press ever sends it.
  const buttons = [...form.querySelectorAll("button:not([data-guard])")];
  form.addEventListener("submit", () => {
    setTimeout(() => buttons.forEach((button) => (button.disabled = true)), 0);
    setTimeout(() => buttons.forEach((button) => (button.disabled = false)), 4_000);
  });
}
