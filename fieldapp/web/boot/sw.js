// The offline shell. This file stays the same from build to build: what belongs to a build is data (files.json), so an
// update does not depend on the browser noticing a new service worker.
//
// A new build is collected into its own cache beside the running one and becomes current at the next start (the next
// navigation), never under a running page. The build before it is dropped once the new one has drawn its first frame.
"use strict";
const BASE = new URL("./", self.location).pathname;
const CHROMIUM = typeof Intl.v8BreakIterator !== "undefined";      // Flutter's own choice of CanvasKit build
const META = "shell-meta", STATE = BASE + "__state";
const cacheName = (list) => "shell-" + list.version;
const wanted = (file) => !file.startsWith("canvaskit/") || file.startsWith("canvaskit/chromium/") === CHROMIUM;

let state, updating;                                               // {current, next}: each {version, files: {path: sha}}
async function load() {
  state ??= (await (await (await caches.open(META)).match(STATE))?.json()) ?? { current: null, next: null };
  return state;
}
async function save(changed) {
  await (await caches.open(META)).put(STATE, new Response(JSON.stringify(changed)));
  state = changed;
}
async function digest(response) {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", await response.arrayBuffer()));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// What is kept is the network's own response, not one made here: browsers keep the compiled form only beside such a
// response, and Flutter's ten megabytes of script would be compiled at every start.
async function collect(file, sha, cache, old) {
  const key = BASE + file, held = await cache.match(key);
  if (held && (await digest(held)).startsWith(sha)) return;                           // an earlier try got this far
  const same = old?.list.files[file] === sha && (await old.cache.match(key));
  if (same) return cache.put(key, same);                                              // unchanged: no download
  const answer = await fetch(key, { cache: "no-cache" });
  if (!answer.ok) throw new Error(`${file}: ${answer.status}`);
  const kept = answer.clone();
  if (!(await digest(answer)).startsWith(sha)) throw new Error(`${file} changed while updating`);   // try again later
  await cache.put(key, kept);
}

// Returns whether a new build is now waiting for the next start.
async function update() {
  const { current, next } = await load();
  const list = await (await fetch(BASE + "files.json", { cache: "no-store" })).json();
  const newest = next ?? current;
  if (newest?.version === list.version) return Boolean(next);
  if (current?.version === list.version) {                         // rolled back before anybody started the newer one
    await save({ current, next: null });
    return false;
  }
  const cache = await caches.open(cacheName(list));
  const old = current && { list: current, cache: await caches.open(cacheName(current)) };
  const queue = Object.entries(list.files).filter(([file]) => wanted(file));
  const carry = async () => { for (let entry; (entry = queue.shift()); ) await collect(...entry, cache, old); };
  await Promise.all([carry(), carry(), carry(), carry()]);
  await save(current ? { current, next: list } : { current: list, next: null });
  return Boolean(current);
}
async function tidy() {
  const { current, next } = await load();
  const kept = [META, current && cacheName(current), next && cacheName(next)];
  for (const name of await caches.keys()) if (name.startsWith("shell-") && !kept.includes(name)) await caches.delete(name);
}
const tell = async (news) => (await self.clients.matchAll()).forEach((client) => client.postMessage(news));
// An interrupted update is no news: what was collected stays, and the next check goes on from there.
async function look() {
  try {
    const waiting = await update();
    await tidy();
    await tell({ update: waiting ? "ready" : "none" });
  } catch (error) {
    console.warn("update:", String(error));
    await tell({ update: "interrupted" });
  }
}
const check = () => (updating ??= look().finally(() => (updating = null)));

self.addEventListener("install", (event) => event.waitUntil(update().then(() => self.skipWaiting())));
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("message", (event) => event.data === "check" && event.waitUntil(check()));

async function answer(request, file, starts) {
  let { current, next } = await load();
  if (starts && next) {
    await save({ current: next, next: null });
    current = next;
  }
  if (current && file in current.files) {
    const hit = await (await caches.open(cacheName(current))).match(BASE + file);
    if (hit) return hit;
  }
  return fetch(request);
}
self.addEventListener("fetch", (event) => {
  const { request } = event, url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin || !url.pathname.startsWith(BASE)) return;
  const starts = request.mode === "navigate";
  event.respondWith(answer(request, starts ? "index.html" : decodeURIComponent(url.pathname.slice(BASE.length)), starts));
});
