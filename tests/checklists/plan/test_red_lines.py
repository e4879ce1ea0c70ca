"""R-RED: what no scenario may play."""

from __future__ import annotations

import pytest

from checklists.plan.red_lines import red_lines_in
from checklists.rules.programme import load_programme

WORDS = load_programme("mystery_caller_2021").red_lines.words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("You feel suicidal after losing your job.", ("suicidal",), id="suicide"),
        pytest.param("Say that your father had a Heart  Attack.", ("heart attack",), id="illness, in any case"),
        pytest.param("Ask whether to dial 999 or 112.", ("999", "112"), id="emergency numbers"),
        pytest.param("Report a crime at the counter.", ("report a crime",), id="a crime"),
        pytest.param("你說家人患病，須叫救護車。", ("患病", "救護車"), id="illness, in Chinese"),
        pytest.param("情緒低落，想過自殺。", ("自殺",), id="suicide, in Chinese"),
        pytest.param("请问怎样报警？", ("报警",), id="in simplified characters"),
        pytest.param("ＳＵＩＣＩＤＥ", ("suicide",), id="full width"),
        pytest.param("You will still need the bill, and the village chill.", (), id="inside other words"),
        pytest.param("The fare is $999, or 999.50 with luggage; call 29990000.", (), id="a price, a number"),
        pytest.param("You left an umbrella on the ferry. 你把雨傘遺留在渡輪上。", (), id="none"),
    ],
)
def test_red_lines_are_found_in_a_text(text: str, words: tuple[str, ...]) -> None:
    """R-RED-1."""
    assert red_lines_in([text], WORDS) == words
