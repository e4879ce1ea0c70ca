// One upload by tus-js-client, in chunks: cut off in the middle, found again, carried on. Tells on stdout what it saw.
// Usage: node tus_js.mjs <what to do: resume | terminate> <endpoint> <token> <file> <sha256> <folder of tus-js-client>
import { createReadStream } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const [what, endpoint, token, path, sha256, folder] = process.argv.slice(2);
const { FileUrlStorage, Upload } = createRequire(join(folder, "package.json"))("tus-js-client");
const CHUNK = 512 * 1024;
const RETRY_MS = [100, 300, 1000, 3000]; // the request cut off may still hold the upload for a moment
const urlStorage = new FileUrlStorage(join(folder, `${what}-${sha256}.json`));
const seen = { offsets: [], methods: [] };

function uploadOf(finished) {
  return new Upload(createReadStream(path), {
    endpoint,
    urlStorage,
    chunkSize: CHUNK,
    retryDelays: RETRY_MS,
    removeFingerprintOnSuccess: true,
    headers: { Authorization: `Bearer ${token}` },
    metadata: { sha256, kind: "photo", content_type: "image/jpeg" },
    onBeforeRequest: (request) => void seen.methods.push(request.getMethod()),
    ...finished,
  });
}

/** Send until two chunks are kept, and the third is on its way. */
function cutOff() {
  return new Promise((resolve, reject) => {
    let cut = false;
    const upload = uploadOf({
      onError: reject,
      onSuccess: () => reject(new Error("it was finished before it was cut off")),
      onProgress: (sent) => {
        if (cut || sent <= 2 * CHUNK) return;
        cut = true;
        upload.abort().then(() => resolve(upload), reject);
      },
    });
    upload.start();
  });
}

/** Go on with what another run of the app left behind, as the page of tus-js-client says. */
async function goOn() {
  seen.methods = [];
  let upload;
  const done = new Promise((resolve, reject) => {
    upload = uploadOf({
      onError: reject,
      onSuccess: resolve,
      onChunkComplete: (_, accepted) => seen.offsets.push(accepted),
    });
  });
  const previous = await upload.findPreviousUploads();
  seen.found = previous.length;
  upload.resumeFromPreviousUpload(previous[0]);
  upload.start();
  await done;
  return upload;
}

const cut = await cutOff();
if (what === "terminate") {
  await Upload.terminate(cut.url, { headers: { Authorization: `Bearer ${token}` }, retryDelays: RETRY_MS });
}
const upload = what === "resume" ? await goOn() : cut;
process.stdout.write(JSON.stringify({ ...seen, url: upload.url }));
