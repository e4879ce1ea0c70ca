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
  const keep = async () => {
    const fields = [...new FormData(form)].filter(([, value]) => typeof value === "string");
    try {
      const answer = await fetch(form.dataset.draftAt, { method: "POST", body: new URLSearchParams(fields) });
      const { kept } = await answer.json();
      said.textContent = kept ? said.dataset.kept.replace("{at}", kept) : said.dataset.notKept;
    } catch {
      said.textContent = said.dataset.notKept;
    }
  };
  form.addEventListener("input", ({ target }) => {
    if (target.dataset.limit) count(target);
    clearTimeout(waiting);
    waiting = setTimeout(keep, KEPT_AFTER_MS);
  });
}

if (globalThis.document) document.querySelectorAll("form[data-draft-at]").forEach(begin);
