"""Words of an XLSForm in the two languages of a form.

XLS-7  A form in one language is taken: its words stand in for those that are missing, and that is said once. Of other
       languages the column is listed as kept. Where words repeat an answer, its name stands in brackets.
"""

from __future__ import annotations

import re

from checklists.forms.xlsform.report import Report
from checklists.forms.xlsform.tables import Row, language_of
from checklists.language import LANGUAGES, N_, Text, sentence

_REPEATED = re.compile(r"\$\{([^{}]*)\}")


class Words:
    """Reads the words of cells; counts where one language stood in for another."""

    def __init__(self, report: Report, default_language: str) -> None:
        self._report = report
        self._default = language_of(default_language) if default_language else ""
        self._missing = dict.fromkeys(LANGUAGES, 0)
        self._others: set[str] = set()
        self._repeating = 0

    def of(self, row: Row, column: str, otherwise: str) -> Text:
        """Return the words of a column in both languages; `otherwise` where it is empty."""
        words = {language: self._without_names(each) for language, each in row.languages(column).items()}
        unmarked = words.pop("", "")
        known = {language: words.pop(language) for language in LANGUAGES if language in words}
        if unmarked:
            known.setdefault(self._default if self._default in LANGUAGES else LANGUAGES[0], unmarked)
        self._others.update(language for language in words if language != self._default or known)
        some = known.get("en") or words.get(self._default) or next(iter([*known.values(), *words.values()]), "")
        for language in LANGUAGES:
            self._missing[language] += bool(some) and language not in known
        return {language: known.get(language) or some or otherwise for language in LANGUAGES}

    def joined(self, row: Row, otherwise: str) -> Text:
        """Return label and hint of a question."""
        label = self.of(row, "label", otherwise)
        if not row.languages("hint"):
            return label
        hint = self.of(row, "hint", "")
        return {language: f"{label[language]} ({hint[language]})" for language in LANGUAGES}

    def remark(self) -> None:
        """Say where words are missing or repeat an answer, and which languages are not shown."""
        if self._repeating:
            template = N_("{count} texts repeat an answer, which is not filled in here: its name stands in brackets.")
            self._report.remarks.append(sentence(template, count=self._repeating))
        for missing, count in self._missing.items():
            if count:
                template = N_('{count} texts have no words in "{language}"; others stand in: translate them.')
                self._report.remarks.append(sentence(template, count=count, language=missing))
        for language in sorted(self._others):
            template = N_('Words in "{language}" are kept in the file, and not shown.')
            self._report.remarks.append(sentence(template, language=language[:60]))

    def _without_names(self, words: str) -> str:
        named, count = _REPEATED.subn(lambda match: f"[{match[1].strip().removeprefix('last-saved#')}]", words)
        self._repeating += count
        return named.replace("${", "$ {")
