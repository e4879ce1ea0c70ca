// What is wrong with how a page lies in its window: a function that a test runs in the browser, which names what it finds.
//
// sideways   the page is wider than the window
// cut        words that their own box hides, or that run out of the window
// broken     a word or a figure in two lines though its column had room for it; Chinese in a column too narrow to read
// overlap    two controls, one on the other
// small      something to press that is lower than a thumb, on a narrow screen (`thumbs`)
// faint      the label before a cell, in hardly another colour than the cell's
// scrolls    a box that scrolls sideways without a name, or out of reach of the keyboard
//
// `twice`: the text is of twice its size, and a column of Chinese may be three signs wide.
async ({ thumbs, twice = false }) => {
  const found = new Set();
  const say = (what, element, more = "") => {
    const words = (element.innerText || element.name || element.id || "").trim().slice(0, 40).replace(/\s+/g, " ");
    found.add(`${what}: <${element.tagName.toLowerCase()} ${element.className}> ${words} ${more}`);
  };
  const root = document.documentElement;
  const wide = root.clientWidth;
  const styles = new Map();
  const style = (element) => styles.get(element) ?? styles.set(element, getComputedStyle(element)).get(element);
  const hidden = new Map([[root, false]]); // by itself or with what holds it
  const isHidden = (element) => {
    if (!hidden.has(element)) {
      const own = style(element).clipPath !== "none" || element.classList.contains("skip");
      hidden.set(element, own || isHidden(element.parentElement));
    }
    return hidden.get(element);
  };
  const shown = (element) => element.checkVisibility({ visibilityProperty: true }) && !isHidden(element);
  const overflows = (element) => element.scrollWidth > element.clientWidth + 1;
  const scrolls = (element) => /auto|scroll/.test(style(element).overflowX) && overflows(element);
  const isInScroller = (element) => {
    for (let outer = element; outer && outer !== root; outer = outer.parentElement) if (scrolls(outer)) return true;
    return false;
  };
  const all = [...document.body.querySelectorAll("*")].filter(shown);

  if (root.scrollWidth > wide) say("sideways", document.querySelector("h1") ?? root, `${root.scrollWidth} > ${wide}`);

  for (const element of all) {
    if (element.matches("select, textarea, input")) continue;
    if (scrolls(element)) {
      // Its page makes it a stop of the keyboard once it is laid out.
      for (let frame = 0; frame < 3 && element.tabIndex !== 0; frame++) await new Promise(requestAnimationFrame);
      const name = element.getAttribute("aria-label") || element.getAttribute("aria-labelledby");
      if (element.getAttribute("role") !== "region" || !name || element.tabIndex !== 0) say("scrolls", element);
    } else if (overflows(element) && (/hidden|clip/.test(style(element).overflowX) || element.matches("button, .button, .chip"))) {
      say("cut", element);
    }
  }

  const pen = document.createElement("canvas").getContext("2d");
  for (const field of all.filter((element) => !twice && element.matches("select, input[placeholder]"))) {
    const { font, paddingLeft, paddingRight } = style(field);
    pen.font = font;
    const words = field.matches("select") ? (field.selectedOptions[0]?.text ?? "") : field.placeholder;
    const taken = parseFloat(paddingLeft) + (field.matches("select") ? 24 : parseFloat(paddingRight));
    if (pen.measureText(words).width > field.clientWidth - taken) say("cut", field, words);
  }

  const room = (element) => {
    const box = element.closest("section, .card, .notice, .figure, main, aside, nav") ?? root;
    const own = parseFloat(style(box).paddingLeft) + parseFloat(style(box).paddingRight);
    return box.clientWidth - Math.max(32, own); // where the box has no padding, its cells have
  };
  const range = document.createRange();
  const lines = () => new Set([...range.getClientRects()].map((rect) => Math.round(rect.top))).size;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (!node.data.trim() || !shown(element) || element.closest("option, script, style, textarea, select")) continue;
    range.selectNodeContents(node);
    const whole = range.getBoundingClientRect();
    if (whole.width === 0) continue;
    if ((whole.right > wide + 1 || whole.left < -1) && !isInScroller(element)) say("cut", element, "runs out");
    if (element.closest("code, .mono") || lines() < 2) continue;
    const chinese = (node.data.match(/[\u3400-\u9fff]/g) ?? []).length;
    if (chinese > 5 && chinese > 0.7 * node.data.trim().length && lines() > Math.ceil(chinese / (twice ? 3 : 4))) {
      say("broken", element, `${lines()} lines`);
    }
    for (const word of node.data.matchAll(/[A-Za-z0-9][A-Za-z0-9:.,'’%]*/g)) {
      range.setStart(node, word.index);
      range.setEnd(node, word.index + word[0].length);
      if (lines() < 2) continue;
      const length = [...range.getClientRects()].reduce((sum, rect) => sum + rect.width, 0);
      if (length <= room(element) * 0.9) say("broken", element, `“${word[0]}”`);
    }
  }

  // What a box that scrolls hides of a control lies under nothing.
  const seen = (element) => {
    let { left, right, top, bottom, height } = element.getBoundingClientRect();
    for (let outer = element.parentElement; outer && outer !== document.body; outer = outer.parentElement) {
      if (!/auto|scroll/.test(getComputedStyle(outer).overflowY)) continue;
      const box = outer.getBoundingClientRect();
      [left, right] = [Math.max(left, box.left), Math.min(right, box.right)];
      [top, bottom] = [Math.max(top, box.top), Math.min(bottom, box.bottom)];
    }
    return { left, right, top, bottom, height };
  };
  const controls = all
    .filter((element) => element.matches("a[href], button, input:not([type=hidden]), select, textarea, summary, audio"))
    .map((element) => [element, seen(element)])
    .filter(([, box]) => box.right - box.left > 1 && box.bottom - box.top > 1);
  for (const [at, [one, a]] of controls.entries()) {
    for (const [two, b] of controls.slice(at + 1)) {
      const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      // Links one above the other reach into the gap between their words, for thumbs.
      const gap = thumbs && one.matches("a") && two.matches("a") ? 26 : 1.5;
      if (across > 1.5 && down > gap && !one.contains(two) && !two.contains(one)) say("overlap", one, `and ${two.innerText}`);
    }
  }
  for (const [element, box] of thumbs ? controls : []) {
    if (element.matches("input[type=checkbox], input[type=radio]") || box.height >= 43.9) continue; // their label is pressed
    const around = element.parentElement;
    const isInSentence =
      element.matches("a") &&
      around.matches("p, li, dd, dt, td, span, blockquote, div, figcaption") &&
      around.innerText.trim() !== element.innerText.trim();
    if (!isInSentence) say("small", element, `${Math.round(box.height)} high`);
  }
  const light = (colour) => {
    const [r, g, b] = colour.match(/[\d.]+/g).map((part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05;
  };
  for (const cell of document.querySelectorAll("td[data-label]")) {
    const [label, ground] = [getComputedStyle(cell, "::before"), style(cell).backgroundColor];
    if (label.content === "none" || !ground.startsWith("rgb(") || !shown(cell)) continue;
    const [one, two] = [light(label.color), light(ground)];
    if (Math.max(one, two) / Math.min(one, two) < 4.5) say("faint", cell, cell.dataset.label);
  }
  return [...found];
}
