// The browser's own storage for Python: /data mirrored into IndexedDB, and one tab at a time.
// Python sees this as the module `device_storage` (fieldapp/storage/browser.py); no eval anywhere, so a strict CSP may stand.
// Of a server of several editions each is an app of its own: what one keeps must not be seen by another.
const EDITION = /^\/e\/([^/]+)\//.exec(self.location.pathname)?.[1];
export const ROOT = EDITION ? `/data-${EDITION}` : "/data";
const NAME = EDITION ? `field-data-${EDITION}` : "field-data";
const POLITE_MS = 4000;
const EBUSY = [10, 16]; // of WASI, of Linux

// "strict": the browser answers only after the bytes left for the disk, not when the system has them in a buffer.
const transaction = IDBDatabase.prototype.transaction;
IDBDatabase.prototype.transaction = function (stores, mode, options) {
  return transaction.call(this, stores, mode, { durability: "strict", ...options });
};

export function storage(FS) {
  const doors = new BroadcastChannel(NAME);
  let letGo = null, lost = false, whenLost = () => {}, flushing = Promise.resolve();
  const sync = (populate) =>
    new Promise((done, failed) => {
      FS.syncfs(populate, (error) => (error ? failed(plain(error)) : done()));
    });
  // A DOMException keeps its name on the way to Python only inside the message.
  const plain = (error) => new Error(`${error?.name ?? "Error"}: ${error?.message ?? error}`);
  const lose = () => {
    if (lost) return;
    lost = true;
    whenLost();
  };

  // Take the lock with these options; the promise says whether we hold it. It stays ours until the tab dies or lets go.
  const request = (options) =>
    new Promise((answer) => {
      navigator.locks
        .request(NAME, options, (lock) => {
          answer(Boolean(lock));
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

  return {
    supported: () => Boolean(self.indexedDB && navigator.locks),
    // true: it is ours. With takeOver the holder is asked to stop; one that does not answer is overruled.
    async lock(takeOver) {
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
      await sync(true);
    },
    async flush() {
      if (lost) throw new Error("OpenElsewhere: another tab took over");
      flushing = sync(false);
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
