// The offline shell. This file stays the same from build to build: what belongs to a build is data (files.json), so an
// update does not depend on the browser noticing a new service worker.
//
// A new build is collected into its own cache beside the running one and becomes current at the next start (the next
// navigation), never under a running page. The build before it is dropped once the new one has drawn its first frame.
"use strict";

const BASE = new URL("./", self.location).pathname;
const META = "shell-meta";
const SHELL = BASE === "/app/" ? "shell-" : `${BASE}shell-`; // an edition's app drops its own builds alone
const STATE = BASE + "__state";
const IS_CHROMIUM = typeof Intl.v8BreakIterator !== "undefined"; // Flutter's own choice of CanvasKit build
const AT_ONCE = 4; // downloads

let state; // {current, next}: each {version, files: {path: sha}} or null
let checking; // the check under way, if any

async function load() {
  if (!state) {
    const meta = await caches.open(META);
    const kept = await meta.match(STATE);
    state = (await kept?.json()) ?? { current: null, next: null };
  }
  return state;
}

async function save(changed) {
  const meta = await caches.open(META);
  await meta.put(STATE, new Response(JSON.stringify(changed)));
  state = changed;
}

function cacheName(list) {
  return SHELL + list.version;
}

// Of the two builds of CanvasKit a browser loads one.
function isWanted(file) {
  if (!file.startsWith("canvaskit/")) return true;
  return file.startsWith("canvaskit/chromium/") === IS_CHROMIUM;
}

async function digest(response) {
  const hash = await crypto.subtle.digest("SHA-256", await response.arrayBuffer());
  return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// Have `file` in `cache`: as an earlier try left it, as the build before has it, or from the network.
//
// What is kept is the network's own response, not one made here: browsers keep the compiled form only beside such a
// response, and Flutter's ten megabytes of script would be compiled at every start.
async function collect(file, sha, cache, old) {
  const key = BASE + file;
  const collected = await cache.match(key);
  if (collected && (await digest(collected)).startsWith(sha)) return;

  if (old?.list.files[file] === sha) {
    const unchanged = await old.cache.match(key);
    if (unchanged) {
      await cache.put(key, unchanged);
      return;
    }
  }

  const answer = await fetch(key, { cache: "no-cache" });
  if (!answer.ok) throw new Error(`${file}: ${answer.status}`);
  const kept = answer.clone();
  if (!(await digest(answer)).startsWith(sha)) {
    throw new Error(`${file} changed while updating`); // the next check tries again
  }
  await cache.put(key, kept);
}

async function collectAll(list, current) {
  const cache = await caches.open(cacheName(list));
  const old = current && { list: current, cache: await caches.open(cacheName(current)) };
  const queue = Object.entries(list.files).filter(([file]) => isWanted(file));

  async function work() {
    while (queue.length) {
      const [file, sha] = queue.shift();
      await collect(file, sha, cache, old);
    }
  }

  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

// Returns whether a new build is now waiting for the next start.
async function update() {
  const { current, next } = await load();
  const answer = await fetch(BASE + "files.json", { cache: "no-store" });
  const list = await answer.json();
  const newest = next ?? current;
  if (newest?.version === list.version) return Boolean(next);

  if (current?.version === list.version) {
    await save({ current, next: null }); // rolled back before anybody started the newer one
    return false;
  }

  await collectAll(list, current);
  await save(current ? { current, next: list } : { current: list, next: null });
  return Boolean(current);
}

// Drops the builds that are neither current nor next.
async function tidy() {
  const { current, next } = await load();
  const kept = [META, current && cacheName(current), next && cacheName(next)];
  for (const name of await caches.keys()) {
    if (name.startsWith(SHELL) && !kept.includes(name)) await caches.delete(name);
  }
}

async function tell(news) {
  for (const client of await self.clients.matchAll()) client.postMessage(news);
}

// An interrupted update is no news: what was collected stays, and the next check goes on from there.
async function check() {
  try {
    const waiting = await update();
    await tidy();
    await tell({ update: waiting ? "ready" : "none" });
  } catch (error) {
    console.warn("update:", String(error));
    await tell({ update: "interrupted" });
  }
}

// One check at a time: whoever asks meanwhile waits for the same one.
function checkOnce() {
  checking ??= check().finally(() => {
    checking = null;
  });
  return checking;
}

// `starts`: the page is being opened, which is when a waiting build becomes current.
async function answer(request, file, starts) {
  let { current, next } = await load();
  if (starts && next) {
    await save({ current: next, next: null });
    current = next;
  }
  if (current && file in current.files) {
    const cache = await caches.open(cacheName(current));
    const hit = await cache.match(BASE + file);
    if (hit) return hit;
  }
  return fetch(request);
}

async function install() {
  await update();
  await self.skipWaiting();
}

self.addEventListener("install", (event) => event.waitUntil(install()));

self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("message", (event) => {
  if (event.data === "check") event.waitUntil(checkOnce());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  const isOurs = url.origin === self.location.origin && url.pathname.startsWith(BASE);
  if (request.method !== "GET" || !isOurs) return;

  const starts = request.mode === "navigate";
  const file = decodeURIComponent(url.pathname.slice(BASE.length));
  // The app has one address, its screens stand behind the "#": another that is opened below it is not the app.
  if (starts && file && file !== "index.html") return;
  event.respondWith(answer(request, starts ? "index.html" : file, starts));
});
