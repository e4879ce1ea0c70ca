// The browser's own Python under node: node browser_python.mjs PYODIDE SITE SOURCES SCRIPT ARGUMENT
// SITE is the built app (packages.tar), SOURCES a folder of Python put before it. Prints what SCRIPT's main() returns.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [pyodide, site, sources, script, argument] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(`${pyodide}/pyodide.mjs`).href);
const settings = JSON.parse(readFileSync(`${site}/boot.json`, "utf8"));
const python = await loadPyodide({ indexURL: `${pyodide}/`, lockFileContents: settings.lock, stdout: () => {}, stderr: console.error });
for (const name of ["flet_js", "device_storage", "device_page"]) python.registerJsModule(name, {});   // they look for it
globalThis.self ??= globalThis;   // a worker has it
python.FS.mkdirTree("/site");
python.FS.writeFile("/site/packages.tar", readFileSync(`${site}/packages.tar`));
python.FS.writeFile("/site/app.tar", readFileSync(`${site}/app.tar`));
python.FS.mkdirTree("/sources");
python.FS.mount(python.FS.filesystems.NODEFS, { root: sources }, "/sources");
python.globals.set("argument", argument);
const told = await python.runPythonAsync(`
import sys, tarfile
with tarfile.open("/site/packages.tar") as archive:
    archive.extractall("/site/packages", filter="data")
with tarfile.open("/site/app.tar") as archive:
    archive.extractall("/site/app", filter="data")
sys.path[0:0] = ["/sources", "/site/packages"]
from ${script} import main
await main(argument)
`);
process.stdout.write(String(told));
process.exit(0);
