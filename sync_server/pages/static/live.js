// What the pages do beyond plain HTML: fetch rows that arrived, reconnect, submit a filter when it changes, print.
// Everything works without it, by reloading.

const QUIET_MS = 250;
const MOST_ROWS = 200; // after a long absence the whole list is drawn anew
const SILENCE_MS = 45_000; // the server says "alive" every 15 s

class Feed {
  #source = null;
  #heardAt = 0;
  #lastId = null;
  #retryMs = 1_000;
  #hiding = null;

  constructor(url, { onIds, onStandings, onState }) {
    this.url = url;
    this.onIds = onIds;
    this.onStandings = onStandings;
    this.onState = onState;
    this.open();
    setInterval(() => this.#check(), 5_000);
    addEventListener("online", () => this.#reopen());
    addEventListener("pagehide", () => this.#close());
    addEventListener("pageshow", (event) => event.persisted && this.#reopen());
    // A browser keeps only a few connections to one server: a page nobody sees must not hold one.
    document.addEventListener("visibilitychange", () => {
      clearTimeout(this.#hiding);
      if (document.hidden) this.#hiding = setTimeout(() => this.#close(), 10_000);
      else if (!this.#source) this.open();
    });
  }

  open() {
    // EventSource sends Last-Event-ID when it reconnects by itself; a source we make anew says it in the address.
    const url = new URL(this.url, location.href);
    if (this.#lastId) url.searchParams.set("after", this.#lastId);
    const source = new EventSource(url);
    this.#source = source;
    this.#heardAt = Date.now();
    const heard = (event) => {
      this.#heardAt = Date.now();
      this.#retryMs = 1_000;
      if (event.lastEventId) this.#lastId = event.lastEventId;
      this.onState("on");
    };
    source.addEventListener("open", () => this.onState("on"));
    source.addEventListener("alive", heard);
    source.addEventListener("assessments", (event) => {
      heard(event);
      this.onIds(event.data.split(" ").filter(Boolean));
    });
    source.addEventListener("standings", (event) => {
      heard(event);
      this.onStandings();
    });
    source.addEventListener("error", () => {
      this.onState("off");
      if (source.readyState === EventSource.CLOSED) {
        setTimeout(() => this.#source === source && this.#reopen(), this.#retryMs);
        this.#retryMs = Math.min(this.#retryMs * 2, 30_000);
      }
    });
  }

  #close() {
    this.#source?.close();
    this.#source = null;
  }

  #reopen() {
    this.#close();
    this.open();
  }

  #check() {
    if (this.#source && Date.now() - this.#heardAt > SILENCE_MS) {
      this.onState("off");
      this.#reopen();
    }
  }
}

function showState(state) {
  for (const place of document.querySelectorAll("[data-live-state]")) {
    place.hidden = false;
    place.dataset.state = state;
    place.textContent = place.dataset[state];
  }
}

// Rows that arrived, drawn by the server for this reader and these filters.
function liveRows(body) {
  const waiting = new Set();
  const older = document.querySelector("a[rel=next]");
  let timer = null;

  async function draw() {
    timer = null;
    const ids = [...waiting].slice(0, 50);
    ids.forEach((id) => waiting.delete(id));
    const url = new URL(body.dataset.liveRows, location.href);
    url.searchParams.set("ids", ids.join(","));
    try {
      const answer = await fetch(url, { headers: { Accept: "text/html" } });
      if (answer.redirected || answer.status === 401) return location.reload();
      if (!answer.ok) throw new Error(String(answer.status));
      const drawn = document.createElement("template");
      drawn.innerHTML = await answer.text();
      for (const id of ids) document.getElementById(`assessment-${id}`)?.setAttribute("data-left", "");
      for (const row of [...drawn.content.querySelectorAll("tr")].reverse()) place(row);
      for (const row of body.querySelectorAll("[data-left]")) row.remove();
      document.querySelector("[data-empty]")?.toggleAttribute("hidden", body.rows.length > 0);
      document.querySelector("[data-filled]")?.toggleAttribute("hidden", body.rows.length === 0);
    } catch {
      ids.forEach((id) => waiting.add(id)); // drawn with the next event, or when the connection is back
    }
    if (waiting.size && timer === null) timer = setTimeout(draw, 2_000);
  }

  function place(row) {
    const held = document.getElementById(row.id);
    row.classList.add("new");
    if (held) return held.replaceWith(row);
    if (body.dataset.firstPage !== "yes") return undefined;
    // What changed may belong to a later page.
    const next = [...body.rows].find((other) => other.dataset.cursor < row.dataset.cursor);
    if (!next && older) return undefined;
    body.insertBefore(row, next ?? null);
    if (older) turnOver();
    return undefined;
  }

  // What leaves this page is on the next one, which begins after the oldest that is left here.
  function turnOver() {
    while (body.rows.length > Number(body.dataset.pageSize)) body.rows[body.rows.length - 1].remove();
    const url = new URL(older.href);
    url.searchParams.set("after", [...body.rows].map((row) => row.dataset.cursor).sort()[0]);
    older.href = url;
  }

  return (ids) => {
    ids.forEach((id) => waiting.add(id));
    if (waiting.size > MOST_ROWS) return void location.reload();
    timer ??= setTimeout(draw, QUIET_MS);
  };
}

// A page that shows one thing says that it changed, rather than changing under the reader's eyes.
function liveNotice(notice) {
  return (ids) => {
    if (ids.includes(notice.dataset.liveNotice) || notice.dataset.liveNotice === "*") notice.hidden = false;
  };
}

// Standings are drawn anew by the server as a whole, at most once a second; what is unfolded stays unfolded.
function liveRegion(region) {
  let timer = null;

  async function draw() {
    timer = null;
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
      if (answer.redirected || answer.status === 401) return location.reload();
      if (!answer.ok) throw new Error(String(answer.status));
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const drawn = page.getElementById(region.id);
      if (!drawn) return undefined;
      const unfolded = [...region.querySelectorAll("details")].map((held) => held.open);
      drawn.querySelectorAll("details").forEach((held, place) => (held.open = unfolded[place] ?? false));
      region.replaceChildren(...drawn.childNodes);
    } catch {
      timer ??= setTimeout(draw, 5_000);
    }
    return undefined;
  }

  return () => (timer ??= setTimeout(draw, 1_000));
}

const regions = [...document.querySelectorAll("[data-live-region]")].map(liveRegion);
const listeners = [
  ...[...document.querySelectorAll("[data-live-rows]")].map(liveRows),
  ...[...document.querySelectorAll("[data-live-notice]")].map(liveNotice),
];
if ((listeners.length || regions.length) && document.documentElement.dataset.events) {
  new Feed(document.documentElement.dataset.events, {
    onIds: (ids) => listeners.forEach((listener) => listener(ids)),
    onStandings: () => regions.forEach((region) => region()),
    onState: showState,
  });
}

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
  button.addEventListener("click", () => location.reload());
}
for (const form of document.querySelectorAll("form[method=post]")) {
  // Twice tapped is sent once. The guard (FORM-1) stays as it is: no press ever sends it.
  const buttons = [...form.querySelectorAll("button:not([data-guard])")];
  form.addEventListener("submit", () => {
    setTimeout(() => buttons.forEach((button) => (button.disabled = true)), 0);
    setTimeout(() => buttons.forEach((button) => (button.disabled = false)), 4_000);
  });
}
