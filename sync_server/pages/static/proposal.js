// The proposal form beyond plain HTML: counts as somebody types, by the rule the page prints, and the draft kept.
// The rule is that of checklists/proposal/counting.py; a test holds the two together. Everything works without it.

const IDEOGRAPH = "[\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Hangul}\\p{Script=Bopomofo}]";
const LETTER = `(?:(?!${IDEOGRAPH})[\\p{L}\\p{N}\\p{M}])`;
const JOIN = "(?:['’\\-‐‑]|(?<=[0-9])\\.(?=[0-9]))";
const WORDS = new RegExp(`(?=\\p{L})${IDEOGRAPH}|${LETTER}+(?:${JOIN}${LETTER}+)*`, "gu");

export function wordCount(text) {
  return (text.match(WORDS) ?? []).length;
}

const KEPT_AFTER_MS = 3000;

function begin(form) {
  const said = form.querySelector("[data-kept]");
  const count = (field) => {
    const shown = form.querySelector(`[data-count-of="${field.name}"]`);
    const words = wordCount(field.value);
    shown.textContent = words;
    shown.parentElement.classList.toggle("wrong", words > Number(field.dataset.limit));
  };
  let waiting = 0;
  const send = (keepalive) => {
    const fields = [...new FormData(form)].filter(([, value]) => typeof value === "string");
    return fetch(form.dataset.draftAt, { method: "POST", body: new URLSearchParams(fields), keepalive });
  };
  // The browser forgot its cookie, or somebody signed in or out in another window: this page's forms get a new token.
  const renew = async () => {
    const page = new DOMParser().parseFromString(await (await fetch(form.action)).text(), "text/html");
    const { value } = page.querySelector("input[name=csrf]");
    document.querySelectorAll("input[name=csrf]").forEach((field) => { field.value = value; });
  };
  const keepNow = async (isLeaving) => {
    try {
      let answer = await send(isLeaving);
      if (answer.status === 403) {
        await renew();
        answer = await send(isLeaving);
      }
      const { kept, draft } = await answer.json();
      if (kept) form.elements.draft.value = draft;
      said.textContent = kept ? said.dataset.kept.replace("{at}", kept) : said.dataset.notKept;
    } catch {
      said.textContent = said.dataset.notKept;
    }
  };
  // One after the other: each says which draft it follows.
  let underWay = 0;
  let last = Promise.resolve();
  const keep = (isLeaving = false) => {
    clearTimeout(waiting);
    waiting = 0;
    underWay += 1;
    last = last.then(() => keepNow(isLeaving)).finally(() => { underWay -= 1; });
  };
  form.addEventListener("input", ({ target }) => {
    if (target.dataset.limit) count(target);
    clearTimeout(waiting);
    waiting = setTimeout(keep, KEPT_AFTER_MS);
  });
  // A window that is left, closed or put to sleep keeps what was typed last.
  document.addEventListener("visibilitychange", () => {
    if (!waiting || document.visibilityState === "visible") return;
    keep(true);
  });
  // What is sent by hand waits for the draft under way.
  form.addEventListener("submit", (event) => {
    clearTimeout(waiting);
    waiting = 0;
    if (!underWay) return;
    event.preventDefault();
    last.then(() => {
      event.submitter.disabled = false; // the guard against a second press has had its time
      form.requestSubmit(event.submitter);
    });
  });
}

if (globalThis.document) document.querySelectorAll("form[data-draft-at]").forEach(begin);
