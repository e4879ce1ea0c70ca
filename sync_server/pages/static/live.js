// What the pages show by themselves: rows that arrived, figures that changed, and whether the line is open.
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

// The session is over. Words that wait in a form are kept by the server when it is sent: do not throw them away here.
function sessionIsOver() {
  if (dispatchEvent(new Event("session-over", { cancelable: true }))) location.reload();
  else showState("off");
}

// Make `held` like `drawn`, and touch only what differs: focus, unfolded details and what is typed stay.
function redraw(held, drawn) {
  const focused = document.activeElement;
  morph(held, drawn);
  if (focused !== document.activeElement && focused.isConnected) focused.focus({ preventScroll: true });
}

const keyOf = (node) => node.id || (node.nodeName === "TR" && node.querySelector("th a")?.getAttribute("href")) || "";

function morph(held, drawn) {
  if (held.isEqualNode(drawn)) return;
  if (held.nodeType !== Node.ELEMENT_NODE) return void held.replaceWith(drawn);
  const own = new Set(["open", "tabindex"]); // the reader's, and ours
  for (const { name } of [...held.attributes]) if (!drawn.hasAttribute(name) && !own.has(name)) held.removeAttribute(name);
  for (const { name, value } of drawn.attributes) if (!own.has(name)) held.setAttribute(name, value);
  const keyed = new Map([...held.children].map((child) => [keyOf(child), child]));
  const wanted = [...drawn.childNodes];
  for (const [at, node] of wanted.entries()) {
    const here = held.childNodes[at];
    const key = node.nodeType === Node.ELEMENT_NODE ? keyOf(node) : "";
    const same = key ? keyed.get(key) : here && !(here.nodeType === Node.ELEMENT_NODE && keyOf(here)) ? here : null;
    if (same?.nodeName !== node.nodeName) {
      held.insertBefore(node, here ?? null);
      continue;
    }
    if (same !== here) held.insertBefore(same, here ?? null);
    morph(same, node);
  }
  while (held.childNodes.length > wanted.length) held.lastChild.remove();
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
      if (answer.redirected || answer.status === 401) return sessionIsOver();
      if (!answer.ok) throw new Error(String(answer.status));
      const drawn = document.createElement("template");
      drawn.innerHTML = await answer.text();
      for (const id of ids) document.getElementById(`assessment-${id}`)?.setAttribute("data-left", "");
      for (const part of drawn.content.querySelectorAll("template[data-part]")) {
        document.querySelector(`[data-live-part="${part.dataset.part}"]`)?.replaceChildren(part.content);
      }
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
    if (held) return redraw(held, row);
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
// What this page sends itself is no news: its answer takes the page's place.
function liveNotice(notice) {
  let sent = -Infinity;
  addEventListener("submit", () => (sent = Date.now()));
  return (ids) => {
    if (!ids.includes(notice.dataset.liveNotice)) return;
    setTimeout(() => (notice.hidden = false), Math.max(0, sent + 5_000 - Date.now()));
  };
}

// A region is drawn anew by the server as a whole, standings at most once a second and lists less often.
function liveRegion(region) {
  let timer = null;

  async function draw() {
    timer = null;
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
      if (answer.redirected || answer.status === 401) return sessionIsOver();
      if (!answer.ok) throw new Error(String(answer.status));
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const drawn = page.getElementById(region.id);
      if (!drawn) return undefined;
      redraw(region, drawn);
    } catch {
      timer ??= setTimeout(draw, 5_000);
    }
    return undefined;
  }

  return () => (timer ??= setTimeout(draw, region.dataset.liveRegion === "standings" ? 1_000 : 3_000));
}

// Today: its figures change where they stand; its lists keep their places until somebody asks for what came.
function liveDay(figures) {
  const lists = document.getElementById(figures.dataset.liveDay);
  const news = document.querySelector("[data-live-news]");
  const inOrder = (node) => [...node.querySelectorAll("h2, th a, li a, meter")].map((one) => one.outerHTML).join("\n");
  let timer = null;
  let drawnAt = -Infinity;
  let latest = null;

  async function draw() {
    timer = null;
    drawnAt = Date.now();
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
      if (answer.redirected || answer.status === 401) return sessionIsOver();
      if (!answer.ok) throw new Error(String(answer.status));
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      latest = page.getElementById(lists.id);
      redraw(figures, page.getElementById(figures.id));
      news.toggleAttribute("data-quiet", inOrder(lists) === inOrder(latest));
    } catch {
      timer ??= setTimeout(draw, 5_000);
    }
    return undefined;
  }

  news.addEventListener("click", () => {
    lists.focus({ preventScroll: true });
    redraw(lists, latest);
    news.toggleAttribute("data-quiet", true);
  });
  return () => (timer ??= setTimeout(draw, Math.max(QUIET_MS, drawnAt + 800 - Date.now())));
}

const regions = [...document.querySelectorAll("[data-live-region=standings]")].map(liveRegion);
const listeners = [
  ...[...document.querySelectorAll("[data-live-region=assessments]")].map(liveRegion),
  ...[...document.querySelectorAll("[data-live-rows]")].map(liveRows),
  ...[...document.querySelectorAll("[data-live-day]")].map(liveDay),
  ...[...document.querySelectorAll("[data-live-notice]")].map(liveNotice),
];
if ((listeners.length || regions.length) && document.documentElement.dataset.events) {
  new Feed(document.documentElement.dataset.events, {
    onIds: (ids) => listeners.forEach((listener) => listener(ids)),
    onStandings: () => regions.forEach((region) => region()),
    onState: showState,
  });
}
