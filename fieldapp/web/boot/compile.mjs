// node compile.mjs PYODIDE SOURCE OUT OPTIMIZE [SOURCE OUT OPTIMIZE ...]
// Compile every .py below SOURCE into a sourceless .pyc below OUT, with the very Python the browser will run; copy the rest.
import path from "node:path";
import { pathToFileURL } from "node:url";

const [, , pyodide, ...jobs] = process.argv;
const { loadPyodide } = await import(pathToFileURL(path.resolve(pyodide, "pyodide.mjs")).href);
// A fixed hash seed: the order inside frozenset constants is then the same in every build.
const python = await loadPyodide({ env: { PYTHONHASHSEED: "0", HOME: "/home/pyodide" } });
for (let i = 0; i < jobs.length; i += 3) {
  const [source, out, optimize] = jobs.slice(i, i + 3);
  for (const [mountpoint, folder] of [[`/source${i}`, source], [`/out${i}`, out]]) {
    python.FS.mkdirTree(mountpoint);
    python.FS.mount(python.FS.filesystems.NODEFS, { root: path.resolve(folder) }, mountpoint);
  }
  python.globals.set("job", python.toPy({ source: `/source${i}`, out: `/out${i}`, optimize: Number(optimize) }));
  try {
    python.runPython(`
import os, py_compile
mode = py_compile.PycInvalidationMode.UNCHECKED_HASH
for folder, names, files in os.walk(job["source"]):
    names[:] = sorted(name for name in names if name != "__pycache__")
    below = folder[len(job["source"]):]
    os.makedirs(job["out"] + below, exist_ok=True)
    for file in sorted(files):
        source, out = f"{folder}/{file}", f"{job['out']}{below}/{file}"
        if file.endswith(".py"):
            py_compile.compile(source, cfile=out + "c", dfile=(below + "/" + file)[1:], doraise=True,
                               optimize=job["optimize"], invalidation_mode=mode)
        else:
            with open(source, "rb") as read, open(out, "wb") as write:
                write.write(read.read())
`);
  } catch (error) {
    console.error(error.message.trim().split("\n").slice(-6).join("\n"));   // Python's own words, not the engine's stack
    process.exit(1);
  }
}
