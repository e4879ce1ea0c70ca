// node compile.mjs PYODIDE SOURCE OUT OPTIMIZE PACKAGES [SOURCE OUT OPTIMIZE PACKAGES ...]
// Compile every .py below SOURCE into a sourceless .pyc below OUT, with the very Python the browser will run; copy the rest.
// Where OUT then holds ready_made.pyc, that keeps beside it what else is compiled at each start; it does the same for an
// OUT that is the app, whose PACKAGES are the compiled folder of them ("" for everything else).
import { existsSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

const [, , pyodide, ...jobs] = process.argv;
const { loadPyodide } = await import(pathToFileURL(path.resolve(pyodide, "pyodide.mjs")).href);
// A fixed hash seed: the order inside frozenset constants is then the same in every build.
const fresh = () => loadPyodide({ env: { PYTHONHASHSEED: "0", HOME: "/home/pyodide" } });
const mount = ({ FS }, folder, mountpoint) => {
  FS.mkdirTree(mountpoint);
  FS.mount(FS.filesystems.NODEFS, { root: path.resolve(folder) }, mountpoint);
};
const run = (python, code) => {
  try {
    python.runPython(code);
  } catch (error) {
    console.error(error.message.trim().split("\n").slice(-6).join("\n"));   // Python's own words, not the engine's stack
    process.exit(1);
  }
};
const python = await fresh();
for (let i = 0; i < jobs.length; i += 4) {
  const [source, out, optimize] = jobs.slice(i, i + 4);
  mount(python, source, `/source${i}`);
  mount(python, out, `/out${i}`);
  python.globals.set("job", python.toPy({ source: `/source${i}`, out: `/out${i}`, optimize: Number(optimize) }));
  run(python, `
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
}
const keep = async (packages, app, code) => {
  const another = await fresh();   // what was compiled before would change its bytes
  for (const name of ["flet_js", "device_storage", "device_page"]) another.registerJsModule(name, {});
  globalThis.self ??= globalThis;   // a worker's name for it, which the app imports; node has none
  mount(another, packages, "/packages");
  if (app) mount(another, app, "/app");
  run(another, `
import pathlib, sys
sys.dont_write_bytecode = True
sys.path[0:0] = ["/app", "/packages"]
import ready_made
${code}
`);
};
for (let i = 0; i < jobs.length; i += 4) {
  if (existsSync(path.join(jobs[i + 1], "ready_made.pyc"))) await keep(jobs[i + 1], "", "ready_made.keep()");
}
for (let i = 0; i < jobs.length; i += 4) {
  if (jobs[i + 3]) await keep(jobs[i + 3], jobs[i + 1], 'ready_made.keep_app(pathlib.Path("/app"))');
}
process.exit(0);   // what the app imported may leave a timer behind
