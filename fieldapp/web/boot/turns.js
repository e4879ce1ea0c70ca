// WebKit was seen to fire one timer in the middle of another's callback. Python's event loop then drops what that timer
// was to do ("Cannot enter into task"): a tap that nobody hears. Here such a timer waits until the other has ended, but
// not for ever, should a callback ever end without its `finally`.
const later = self.setTimeout, MOST_TURNS = 250;
let busy = false;
self.setTimeout = (callback, ms, ...values) => {
  let turns = 0;
  const turn = () => {
    if (busy && turns++ < MOST_TURNS) return void later(turn, 0);
    busy = true;
    try { callback(...values); } finally { busy = false; }
  };
  return later(turn, ms);
};
