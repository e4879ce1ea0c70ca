// The browser's own storage for Python: /data mirrored into IndexedDB, and one tab at a time.
// Python sees this as the module `device_storage` (fieldapp/storage/browser.py); no eval anywhere, so a strict CSP may stand.
// Of a server of several editions each is an app of its own: what one keeps must not be seen by another.
const EDITION = /^\/e\/([^/]+)\//.exec(self.location.pathname)?.[1];
export const ROOT = EDITION ? `/data-${EDITION}` : "/data";
const NAME = EDITION ? `field-data-${EDITION}` : "field-data";
const ENTRIES = "FILE_DATA"; // as Emscripten's IDBFS calls its store
const POLITE_MS = 4000;
const EBUSY = [10, 16]; // of WASI, of Linux

// "strict": the browser answers only after the bytes left for the disk, not when the system has them in a buffer.
const transaction = IDBDatabase.prototype.transaction;
IDBDatabase.prototype.transaction = function (stores, mode, options) {
  return transaction.call(this, stores, mode, { durability: "strict", ...options });
};

// Everything that is kept, as [path, entry] in order, and the connection it was read by; null where nothing is kept yet.
async function readAll() {
  // Opening one that is not there would make it.
  const kept = (await indexedDB.databases()).find(({ name }) => name === ROOT);
  if (!kept) return null;
  return new Promise((done, failed) => {
    const opening = indexedDB.open(ROOT, kept.version);
    opening.onerror = () => failed(opening.error);
    opening.onsuccess = () => {
      const db = opening.result, transaction = db.transaction([ENTRIES], "readonly");
      const store = transaction.objectStore(ENTRIES), names = store.getAllKeys(), values = [];
      names.onsuccess = () => names.result.forEach((name) => values.push([name, store.get(name)]));
      transaction.onabort = () => failed(transaction.error);
      transaction.oncomplete = () => done({ db, entries: values.map(([name, value]) => [name, value.result]) });
    };
  });
}

// Made when the worker starts, long before there is a Python: `use` gives it the file system. `onRead` is called once
// what is kept has been read, or could not be.
export function storage(onRead) {
  const doors = new BroadcastChannel(NAME), supported = Boolean(self.indexedDB && navigator.locks);
  let FS = null, letGo = null, mounted = false, lost = false, whenLost = () => {}, flushing = Promise.resolve();
  const sync = (populate) =>
    new Promise((done, failed) => {
      FS.syncfs(populate, (error) => (error ? failed(plain(error)) : done()));
    });
  // What the browser holds, each path with the time of its change: under the lock nobody else writes there, so it need not be
  // listed again for each flush. null until one was compared with all of it.
  let held = null;
  const found = () => {
    const times = new Map();
    FS.filesystems.IDBFS.getLocalSet(FS.lookupPath(ROOT).node.mount, (error, { entries } = {}) => {
      if (error) throw plain(error);
      for (const [path, { timestamp }] of Object.entries(entries)) times.set(path, timestamp.getTime());
    });
    return times;
  };
  // What syncfs(false) does, for what differs from `held`: one transaction, all of it or nothing.
  const store = (times) =>
    new Promise((done, failed) => {
      const { IDBFS } = FS.filesystems;
      const changed = [...times].filter(([path, time]) => held.get(path) !== time).map(([path]) => path);
      const gone = [...held.keys()].filter((path) => !times.has(path));
      if (!changed.length && !gone.length) return void done();
      const transaction = IDBFS.dbs[ROOT].transaction([ENTRIES], "readwrite"), entries = transaction.objectStore(ENTRIES);
      transaction.oncomplete = () => done();
      transaction.onabort = () => failed(plain(transaction.error));
      try {
        for (const path of changed) IDBFS.loadLocalEntry(path, (error, entry) => { if (error) throw error; entries.put(entry, path); });
        for (const path of gone) entries.delete(path);
      } catch (error) {
        transaction.onabort = () => failed(plain(error));
        transaction.abort();
      }
    });
  const flushed = async () => {
    const times = found();
    await (held ? store(times) : sync(false));
    held = times;
  };
  // What syncfs(true) does, from what was read ahead; false where it has to do it after all.
  const put = ({ db, entries }) => {
    const { IDBFS } = FS.filesystems;
    let whole = db.version === IDBFS.DB_VERSION;
    if (whole) IDBFS.dbs[ROOT] ??= db;
    for (const [path, entry] of entries) IDBFS.storeLocalEntry(path, entry, (error) => { whole &&= !error; });
    return whole;
  };
  // A DOMException keeps its name on the way to Python only inside the message.
  const plain = (error) => new Error(`${error?.name ?? "Error"}: ${error?.message ?? error}`);
  const lose = () => {
    if (lost) return;
    lost = true;
    ahead = null;
    whenLost();
  };

  // Take the lock with these options; the promise says whether we hold it. It stays ours until the tab dies or lets go.
  const request = (options) =>
    new Promise((answer) => {
      navigator.locks
        .request(NAME, options, (lock) => {
          answer(Boolean(lock));
          if (lock && !mounted) lost = false; // what was lost before anything was read is had afresh
          return lock && new Promise((release) => (letGo = release));
        })
        .catch(() => {
          answer(false);
          if (letGo && !options.signal?.aborted) lose();
        });
    });

  doors.onmessage = async () => {
    if (!letGo || lost) return;
    lose();
    await flushing.catch(() => {});      // what is being written is whole before the other tab reads
    letGo();
  };

  // While Python is being loaded the storage is read already. Only under the lock: then nobody else writes, and what was
  // read is still right when it is asked for.
  const early = supported ? request({ ifAvailable: true }) : Promise.resolve(false);
  let ahead = early.then((ours) => (ours ? readAll() : null)).catch(() => null);
  ahead.then(onRead);

  return {
    use(fileSystem) { FS = fileSystem; },
    supported: () => supported,
    // true: it is ours. With takeOver the holder is asked to stop; one that does not answer is overruled.
    async lock(takeOver) {
      await early;
      if (letGo && !lost) return true;
      if (await request({ ifAvailable: true })) return true;
      if (!takeOver) return false;
      doors.postMessage("let-go");
      const timer = new AbortController();
      const late = setTimeout(() => timer.abort(), POLITE_MS);
      const ours = await request({ signal: timer.signal });
      clearTimeout(late);
      return ours || request({ steal: true });
    },
    async mount() {
      FS.mkdirTree(ROOT);
      try {
        FS.mount(FS.filesystems.IDBFS, {}, ROOT);
      } catch (error) {
        if (!EBUSY.includes(error.errno)) throw error; // busy: it is mounted already
      }
      const kept = await ahead;
      const isRight = kept && ahead && !mounted;
      ahead = null;
      mounted = true;
      if (!(isRight && put(kept))) await sync(true);
    },
    async flush() {
      if (lost) throw new Error("OpenElsewhere: another tab took over");
      flushing = flushed();
      await flushing;
    },
    isLost: () => lost,
    onLost(callback) { whenLost = callback; },
    async estimate() {
      const { usage, quota } = (await navigator.storage?.estimate?.()) ?? {};
      return [usage ?? -1, quota ?? -1];
    },
  };
}
