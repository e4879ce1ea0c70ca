"""The problems of an import as a workbook: a row each, and a column that says what is wrong and what to do."""

from __future__ import annotations

from checklists.language import N_, Language, in_language
from checklists.workbook.writing import workbook
from sync_server.exchange.csv.report import Report

HEADINGS = (N_("File"), N_("Row"), N_("Column"), N_("What is wrong, and what to do"), N_("Code"))
MORE = N_("… and {count} more problems.")
WIDTHS = (24, 8, 24, 90, 24)


def problem_list(report: Report, language: Language) -> bytes:
    """Return the list in a language. Nothing in it is a formula, whatever somebody's cell began with."""
    rows = [[heading.in_language(language) for heading in HEADINGS]]
    for each in report.problems:
        row = "" if each.row is None else str(each.row)
        rows.append([each.file, row, each.column, in_language(each.message, language), each.code])
    more = report.problem_count - len(report.problems)
    if more > 0:
        rows.append(["", "", "", MORE.in_language(language).format(count=more), ""])
    return workbook("problems", rows, widths=WIDTHS)
