"""What an XLSForm has no word for, in columns and sheets of our own that other tools pass over.

XLS-1  A column is named `fieldtool::points`, in the choices `fieldtool_share`: other tools take a choice's column for a
       name in XML. Both ways of writing are read on every sheet.
"""

from __future__ import annotations

from typing import Final

PREFIX: Final = "fieldtool::"
PREFIX_OF_CHOICES: Final = "fieldtool_"

# On the survey sheet, at a question.
KIND, POINTS, CRITICAL, MUST_BE_YES = "kind", "points", "critical", "must_be_yes"
BANDS, SOURCE, FAQ, NOT_APPLICABLE = "bands", "source", "faq", "not_applicable"
EVIDENCE, EVIDENCE_OF, MIN_CHARS, LATE_ANSWER = "evidence", "evidence_of", "min_chars", "late_answer"
SHOW_IF, VALUE, ID, NOT_APPLICABLE_ON = "show_if", "value", "id", "not_applicable_on"
# At the beginning of a group.
WEIGHT = "weight"
# On the choices sheet.
SHARE = "share"
# On the settings sheet.
CHANNEL, TITLE, UNIT, ANNEX, WHOLE_NOT_APPLICABLE = "channel", "title", "unit", "annex", "whole_not_applicable"

MEASUREMENTS, DERIVED = "fieldtool_measurements", "fieldtool_derived"
VARIANTS, SUBCHANNELS = "fieldtool_variants", "fieldtool_subchannels"
OWN_SHEETS = (MEASUREMENTS, DERIVED, VARIANTS, SUBCHANNELS)

LANGUAGE_COLUMNS = {"en": "English (en)", "zh-Hant": "Chinese (zh)"}
