// WebKit rejects a failed fetch with an error that has no `stack`; Pyodide then never wakes the waiting Python.
if (!("stack" in Error.prototype)) Object.defineProperty(Error.prototype, "stack", { value: "", writable: true, configurable: true });

// Python in a module worker. It starts while the page is still being parsed, in parallel with the Flutter engine, and
// only then waits for Flutter to connect. Packages are two plain tars of compiled files; nothing is installed at run time.
import "./turns.js";
import { ROOT, storage } from "./storage.js";

const here = new URL("./", self.location.href).href;
const server = here.endsWith("/app/") ? here.slice(0, -"/app/".length) : self.location.origin;
const started = performance.now();
const marks = {};
const mark = (name) => { marks[name] = Math.round(performance.now() - started); };
self.bootMarks = () => ({ ...marks });
self.flet_js = {};
const deviceStorage = storage(() => mark("kept"));

// What Python knows of the page around it: the module `device_page`.
const page = { newVersion: false, storageKept: null, listener: null, heard: null, peak: 0 };
const devicePage = {
  newVersionReady: () => page.newVersion,
  storageKept: () => page.storageKept,
  onNews(callback) { page.listener = callback; },
  // Resolves with the content type, "" when there is no microphone; `heard` gets each piece in order, then undefined.
  startMicrophone: (heard) =>
    new Promise((begun) => {
      page.heard = { begun, heard };
      self.postMessage({ page: "start-microphone" });
    }),
  pauseMicrophone() { self.postMessage({ page: "pause-microphone" }); },
  resumeMicrophone() { self.postMessage({ page: "resume-microphone" }); },
  peak: () => page.peak, // of what is heard, 0 to 1
  stopMicrophone() { self.postMessage({ page: "stop-microphone" }); },
  showAtStart(look) { self.postMessage({ page: "look", look }); },
  reload() { self.postMessage({ page: "reload" }); },
  mark, // how far the start is
};

let connect;
const connected = new Promise((resolve) => (connect = resolve));
self.onmessage = ({ data }) => {
  if (data.connect) connect(data.connect);
  else if (data.sound) hear(data.sound);
  else if (data.news) { Object.assign(page, data.news); page.listener?.(); }
  else if (typeof self.flet_js.send === "function") self.flet_js.send(data);
};
function hear({ began, piece, ended, peak }) {
  if (peak !== undefined) page.peak = peak;
  else if (began !== undefined) page.heard.begun(began);
  else page.heard.heard(ended ? undefined : piece); // null would not be None
}
const receive = (message) => {
  const bytes = message.toJs();
  self.postMessage(bytes, [bytes.buffer]);
};
self.flet_js.receive_callback = receive;

async function bytes(name) {
  const answer = await fetch(here + name);
  if (!answer.ok) throw new Error(`${name}: ${answer.status}`);
  return new Uint8Array(await answer.arrayBuffer());
}

// ustar, regular files only, as fieldapp/web/archive.py writes it. Not pyodide.unpackArchive: it first imports Python's
// shutil and tarfile and copies every file once more; this takes 20 to 30 ms of a start.
function* files(raw) {
  const text = new TextDecoder();
  const field = (at, length) => {
    let end = at;
    while (end < at + length && raw[end]) end++;
    return text.decode(raw.subarray(at, end));
  };
  for (let at = 0; at + 512 <= raw.length && raw[at]; ) {
    const size = parseInt(field(at + 124, 12), 8) || 0, prefix = field(at + 345, 155);
    yield [prefix + (prefix && "/") + field(at, 100), raw.subarray(at + 512, at + 512 + size)];
    at += 512 + Math.ceil(size / 512) * 512;
  }
}
function untar(FS, raw, root) {
  const known = new Set();
  for (const [path, content] of files(raw)) {
    const folder = `${root}/${path}`.replace(/\/[^/]*$/, "");
    if (!known.has(folder)) { FS.mkdirTree(folder); known.add(folder); }
    FS.writeFile(`${root}/${path}`, content, { canOwn: true });
  }
}

// Compiled machine code in the archive is compiled for this browser while Python itself still starts, beside it: where
// Python meets it in an import, everything waits.
const LIBRARY = /\.so$/;
const compiledOf = async (archive) =>
  Promise.all([...files(await archive)].filter(([path]) => LIBRARY.test(path)).map(async ([path, raw]) => [path, await WebAssembly.compile(raw)]));

async function boot() {
  const archives = [bytes("packages.tar"), bytes("app.tar")], compiled = compiledOf(archives[0]);
  [...archives, compiled].forEach((each) => each.catch(() => {}));        // reported where it is awaited
  const settings = await (await fetch(here + "boot.json")).json();
  const { loadPyodide } = await import("./pyodide/pyodide.mjs");
  mark("engine");
  const python = await loadPyodide({
    indexURL: here + "pyodide/",
    lockFileContents: settings.lock,
    env: { HOME: "/home/pyodide", LANG: "en_US.UTF-8", PYTHONTZPATH: "/packages/tzdata/zoneinfo", FIELDAPP_ORIGIN: server, FIELDAPP_DATA: ROOT, FIELDAPP_VERSION: settings.version,
           FIELDAPP_NAME: settings.name,
           FIELDAPP_LANGUAGES: navigator.languages.join() },
    stdout: (line) => console.log(line),
    stderr: (line) => console.warn(line),
  });
  self.pyodide = python;
  mark("python");
  python.registerJsModule("flet_js", self.flet_js);
  deviceStorage.use(python.FS);
  python.registerJsModule("device_storage", deviceStorage);
  python.registerJsModule("device_page", devicePage);
  untar(python.FS, await archives[0], "/packages");
  untar(python.FS, await archives[1], "/app");
  const { loadWebAssemblyModule, preloadedWasm } = python._module;
  for (const [path, module] of await compiled) {
    preloadedWasm[`/packages/${path}`] = await loadWebAssemblyModule(module, { loadAsync: true, nodelete: true }, path, {});
  }
  mark("unpacked");
  // Flutter's arguments are there before the app's module runs: Flet reads them while it is imported.
  await python.runPythonAsync(`
import os, runpy, sys
os.chdir("/app")
sys.path[0:0] = ["/app", "/packages"]
import ready_made
ready_made.use()
runpy.run_module("${settings.module}", run_name="__main__")
`);
  mark("app");
}

(async () => {
  try {
    const ready = boot();
    ready.catch(() => {});
    const { args, documentUrl } = await connected;
    mark("flutter");
    Object.assign(self.flet_js, { args, documentUrl });
    await ready;
    await self.flet_js.start_connection(receive);
    mark("connected");
    self.postMessage("initialized");
  } catch (error) {
    console.error(error);
    self.postMessage(String(error));
  }
})();
