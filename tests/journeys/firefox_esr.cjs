// Loaded into Playwright's driver (NODE_OPTIONS=--require=...): this Firefox ESR does not know a command that Playwright
// sends for every new context. The call is left out in memory; nothing on disk is changed.
const Module = require("module"), compile = Module.prototype._compile;
Module.prototype._compile = function (source, file, ...rest) {
  if (file.endsWith("coreBundle.js"))
    source = source.replace(/await (this\.[\w.]+\.send\("emulation\.setMediaFeaturesOverride")/g, "if (0) await $1");
  return compile.call(this, source, file, ...rest);
};
