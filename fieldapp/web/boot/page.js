// What the page does beside Flutter: the offline shell, the request to keep storage, and a sentence when nothing starts.
"use strict";
// <html data-offline="ready" data-update="none | ready | interrupted">: for whoever wants to look, as the tests do.
const shown = document.documentElement.dataset;

globalThis.showStartProblem = (detail) => {
  const problem = document.getElementById("start-problem");
  if (!problem) return;
  problem.hidden = false;
  problem.querySelector("code").textContent = String(detail).slice(-300);
};
if (typeof WebAssembly !== "object" || !navigator.locks || !self.indexedDB) {
  addEventListener("DOMContentLoaded", () => showStartProblem("WebAssembly, IndexedDB, Web Locks"));
}
document.querySelector("#start-problem button")?.addEventListener("click", () => location.reload());

// Flutter names the switch for screen readers in English whatever the phone speaks; it is the first thing one meets.
addEventListener("flutter-first-frame", () => {
  const name = navigator.language.startsWith("zh") ? "開啟螢幕閱讀器支援" : "Turn on support for screen readers";
  document.querySelector("flt-semantics-placeholder")?.setAttribute("aria-label", name);
}, { once: true });

// After the first frame: the first visit is not slowed down, later visits only ask whether there is something newer.
addEventListener("flutter-first-frame", async () => {
  const workers = navigator.serviceWorker;
  if (!workers) return;
  workers.addEventListener("message", ({ data }) => {
    shown.update = data.update;
    if (data.update === "ready") tellPython({ newVersion: true });
  });
  // Never awaited: in some browsers register() does not answer on a page that already runs Flutter.
  if (!workers.controller) workers.register("sw.js", { updateViaCache: "none" }).catch((error) => console.warn("offline shell:", error));
  const registration = await workers.ready;
  shown.offline = "ready";
  registration.active.postMessage("check");
}, { once: true });

// Browsers ask or decide by themselves; some never answer. So: on the first tap, and nobody waits for it.
addEventListener("pointerup", () => {
  navigator.storage?.persist?.().then((kept) => tellPython({ storageKept: kept }), () => tellPython({ storageKept: false }));
}, { once: true, capture: true });

// A picker for pictures opens the camera: without "capture" some phones offer the gallery alone. Other pickers are as they were.
const click = HTMLInputElement.prototype.click;
HTMLInputElement.prototype.click = function () {
  if (this.type === "file" && this.accept === "image/*") this.setAttribute("capture", "environment");
  return click.call(this);
};
