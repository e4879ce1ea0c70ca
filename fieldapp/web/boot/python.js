// Stands in for Flet's python.js: the worker starts with the page's head, Flutter attaches to it later.
"use strict";
// How the app is to look, kept beside it: the screen before the first frame is drawn long before Python can say.
const LOOK = "look";
const showLook = (look) => { if (look) document.documentElement.dataset.look = look; };
const keepLook = (look) => {
  showLook(look);
  try { localStorage.setItem(LOOK, look); } catch { /* a private window: it starts as the system looks */ }
};
try { showLook(localStorage.getItem(LOOK)); } catch { /* the same */ }

const pythonWorker = new Worker("python-worker.js", { type: "module" });
let dartReceives = () => {}, settle = null;

pythonWorker.onmessage = ({ data }) => {
  if (typeof data === "string") settle?.(data);
  else if (data.page === "reload") location.reload();
  else if (data.page === "look") keepLook(data.look);
  else if (data.page === "start-microphone") startMicrophone((sound) => pythonWorker.postMessage({ sound }));
  else if (data.page === "pause-microphone") pauseMicrophone();
  else if (data.page === "resume-microphone") resumeMicrophone();
  else if (data.page === "stop-microphone") stopMicrophone();
  else dartReceives(data);
};
pythonWorker.onerror = (event) => settle?.(event.message || "the Python worker failed to start");

globalThis.jsConnect = async (appId, args, dartOnMessage) => {
  dartReceives = dartOnMessage;
  const outcome = new Promise((resolve) => (settle = resolve));
  pythonWorker.postMessage({ connect: { args, documentUrl: document.URL } });
  const said = await outcome;
  if (said !== "initialized") {
    globalThis.showStartProblem?.(said);
    throw said;
  }
};
globalThis.jsSend = async (appId, data) => pythonWorker.postMessage(data, [data.buffer]);
globalThis.jsDisconnect = async () => pythonWorker.terminate();
globalThis.tellPython = (news) => pythonWorker.postMessage({ news });

// A page that was left may be kept alive for the Back button: it must not hold the storage against the one that is open.
addEventListener("pagehide", () => pythonWorker.terminate());
addEventListener("pageshow", ({ persisted }) => persisted && location.reload());
