// BCK-1  The phone's own Back goes one level up, as the arrow in the title does: never into a visit that was left before.
"use strict";
// Flutter keeps every screen that was opened as an entry of its own, and numbers them. An entry that Back leads to is
// given the address one level up before Flutter reads it. From the list it leads to the list, until no entry is left.
(() => {
  const numberOf = (state) => (typeof state?.serialCount === "number" ? state.serialCount : -1);
  const hash = () => location.hash.replace(/^#/, "") || "/";
  globalThis.oneLevelUp = (route) =>
    /^(\/visit\/[^/]+(?:\/review)?)\/section\/./.exec(route)?.[1] ?? /^(\/visit\/[^/]+)\/./.exec(route)?.[1] ?? "/";

  let here = hash(), number = numberOf(history.state);
  const remember = () => { here = hash(); number = numberOf(history.state); };
  for (const name of ["pushState", "replaceState"]) {
    const own = history[name];
    history[name] = function (...words) {
      own.apply(this, words);
      remember();
    };
  }
  // Before Flutter's own listener, which is added when it starts.
  addEventListener("popstate", () => {
    const up = globalThis.oneLevelUp(here);
    const goesBack = numberOf(history.state) < number;
    if (goesBack && hash() !== up) history.replaceState(history.state, "", `#${up}`);
    remember();
  }, { capture: true });
})();
