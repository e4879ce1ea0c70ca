// The review bench: letters for what is done a hundred times a day, and nothing typed is lost on the way.
// Everything works without it.

const bench = document.querySelector("[data-bench]");
const by = document.querySelector("input[name=by]")?.value ?? "";
const place = (id) => `bench:${by}:${id}`;

// Words are kept for this window, under the revision they are about, until what they are for was done.
function keep() {
  const words = {};
  for (const field of bench.querySelectorAll("[data-keep]")) if (field.value) words[field.id] = field.value;
  if (Object.keys(words).length) sessionStorage.setItem(place(bench.dataset.bench), JSON.stringify({ digest: bench.dataset.digest, words }));
  else sessionStorage.removeItem(place(bench.dataset.bench));
}

function refill() {
  const kept = JSON.parse(sessionStorage.getItem(place(bench.dataset.bench)) ?? "null");
  for (const [id, words] of Object.entries(kept?.words ?? {})) {
    const field = document.getElementById(id);
    if (!field || field.value) continue;
    field.value = words;
    for (let outer = field.closest("details"); outer; outer = outer.parentElement.closest("details")) outer.open = true;
  }
}

// Letters act outside fields, and can be switched off (they stay so on this machine).
function press(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  const field = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key === "Escape" && field) return void field.blur();
  if (field || document.querySelector("dialog[open]") || !letters.checked || !/^[a-z]$/.test(event.key)) return;
  if (event.key === "e") return void pencil(event);
  const act = [...bench.querySelectorAll("[data-key]")].find((one) => one.dataset.key === event.key || one.dataset.also === event.key);
  if (!act) return;
  event.preventDefault();
  if (act.matches("a")) return void location.assign(act.href);
  if (act.matches("summary")) {
    act.parentElement.open = true;
    return void act.parentElement.querySelector("textarea").focus();
  }
  const wanted = act.dataset.wants && document.getElementById(act.dataset.wants);
  const noted = [...document.querySelectorAll("[data-note]")].some((one) => one.value.trim());
  if (wanted && !wanted.value.trim() && !noted) return void wanted.focus();
  act.form.requestSubmit(act);
}

// A note at the answer one is at, or at the one that cost most.
function pencil(event) {
  const here = document.activeElement?.closest(".bench-answer") ?? bench.querySelector(".bench-answer:target, .bench-answer");
  const details = here?.querySelector("details");
  if (!details) return;
  event.preventDefault();
  details.open = true;
  details.querySelector("textarea")?.focus();
}

// A photo is looked at in place: bigger, smaller, turned; Escape puts it away. With a key held, its link is a link.
function loupe(link) {
  const view = Object.assign(document.createElement("dialog"), { className: "loupe" });
  const image = Object.assign(document.createElement("img"), { src: link.href, alt: link.querySelector("img").alt });
  let size = 1;
  let turns = 0;
  let fits; // its width and height as it opened
  // Its box grows with it, and makes room for what a quarter turn changes: all of it can be scrolled to.
  function draw() {
    fits ??= [image.clientWidth, image.clientHeight];
    const [width, height] = fits.map((side) => side * size);
    const over = turns % 2 ? (height - width) / 2 : 0;
    image.style = `width: ${width}px; max-width: none; max-height: none; transform: rotate(${turns * 90}deg); margin: calc(2rem - ${over}px) max(${over}px, calc((100% - ${width}px) / 2))`;
  }
  const acts = [
    ["+", bench.dataset.bigger, () => (size = Math.min(6, size * 1.5))],
    ["−", bench.dataset.smaller, () => (size = Math.max(1, size / 1.5))],
    ["↻", bench.dataset.turn, () => (turns += 1)],
    ["×", bench.dataset.shut, () => view.close()],
  ];
  const row = Object.assign(document.createElement("div"), { className: "row" });
  for (const [sign, name, act] of acts) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "small", textContent: sign });
    button.setAttribute("aria-label", name);
    button.addEventListener("click", () => (act(), draw()));
    row.append(button);
  }
  view.setAttribute("aria-label", image.alt);
  view.append(row, image);
  view.addEventListener("wheel", (event) => (event.preventDefault(), acts[event.deltaY < 0 ? 0 : 1][2](), draw()), { passive: false });
  view.addEventListener("close", () => view.remove());
  document.body.append(view);
  view.showModal();
}

const letters = document.querySelector("[data-keys-on]");
if (bench) {
  // What was decided needs its words no more; what was put down at an answer, only those of its own form.
  if (bench.dataset.done) sessionStorage.removeItem(place(bench.dataset.done));
  for (const form of bench.querySelectorAll("form[action*='/bench/']:not([action$='/second'])")) {
    form.addEventListener("submit", () => {
      const sent = new Set([...form.querySelectorAll("[data-keep]")]);
      const kept = [...bench.querySelectorAll("[data-keep]")].filter((field) => !sent.has(field) && field.value);
      const words = Object.fromEntries(kept.map((field) => [field.id, field.value]));
      sessionStorage.setItem(place(bench.dataset.bench), JSON.stringify({ digest: bench.dataset.digest, words }));
    });
  }
  refill();
  bench.addEventListener("input", keep);
  letters.checked = localStorage.getItem("bench-letters") !== "off";
  letters.addEventListener("change", () => localStorage.setItem("bench-letters", letters.checked ? "on" : "off"));
  addEventListener("keydown", press);
  bench.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
  // A press on the picture of a sound goes to that place of it.
  for (const wave of bench.querySelectorAll("[data-waveform]")) {
    const sound = wave.parentElement.querySelector("audio");
    wave.addEventListener("click", async (event) => {
      const box = wave.getBoundingClientRect();
      if (!sound.duration) await new Promise((ready) => (sound.addEventListener("loadedmetadata", ready, { once: true }), (sound.preload = "metadata"), sound.load()));
      sound.currentTime = ((event.clientX - box.left) / box.width) * sound.duration;
      sound.play();
    });
  }
  // A photo is turned by a quarter with each press of its button; it opens in full size by its link.
  for (const photo of bench.querySelectorAll(".photos figure")) {
    const turn = Object.assign(document.createElement("button"), { type: "button", className: "small", textContent: "↻" });
    turn.setAttribute("aria-label", bench.dataset.turn);
    turn.addEventListener("click", () => (photo.dataset.turned = (Number(photo.dataset.turned ?? 0) + 1) % 4));
    photo.append(turn);
    const link = photo.querySelector("a:has(img)");
    link?.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      loupe(link);
    });
  }
}
