"""EWD: words that an entrant's report may have. Ids are those in sync_server/review/entrants_words.py."""

from __future__ import annotations

import pytest

from sync_server.review.entrants_words import MOST_LETTERS, Unnamed, language_of, refused_quote, refused_words

WRITTEN = "Amy at counter 12 was warm,  and found my bag at once. She wrote the fee down: $12.50.\n語氣親切。"
UNNAMED = Unnamed(("Chan Siu Ming", "陳小明"), ("assessor-1", "12"))


@pytest.mark.parametrize(
    ("words", "refused"),
    [
        pytest.param("[The clerk] … was warm, and found my bag at once.", "", id="EWD-1 parts left out"),
        pytest.param("was warm, and found my bag at once", "", id="EWD-1 spaces and line ends are as one"),
        pytest.param("Was warm", "", id="EWD-1 a sentence begins with a capital"),
        pytest.param("She wrote the fee down: $12.50", "", id="EWD-2 money is no time"),
        pytest.param("語氣親切。", "", id="EWD-1 Chinese"),
        pytest.param("was warm and found my bag", "what the assessor wrote", id="EWD-1 a comma is left out unseen"),
        pytest.param("found my bag … was warm", "what the assessor wrote", id="EWD-1 in another order"),
        pytest.param("was friendly", "what the assessor wrote", id="EWD-1 other words"),
        pytest.param("[Everything was perfect]", "what the assessor wrote", id="EWD-1 nothing but brackets"),
        pytest.param("…", "what the assessor wrote", id="EWD-1 nothing at all"),
        pytest.param("Amy at counter 12 was warm", "the code of a person", id="EWD-2 a code by itself"),
    ],
)
def test_a_quote_is_what_was_written_with_parts_left_out(words: str, refused: str) -> None:
    found = refused_quote(words, WRITTEN, UNNAMED)
    assert (found is None) == (not refused), found
    assert refused in str(found or "")


@pytest.mark.parametrize(
    ("words", "holds"),
    [
        pytest.param("Asked by Chan Siu Ming", "the name of an assessor", id="EWD-2 a name"),
        pytest.param("Mr Chan asked", "the name of an assessor", id="EWD-2 part of a name"),
        pytest.param("a chance to ask", "", id="EWD-2 not within a word"),
        pytest.param("由陳小明提問", "the name of an assessor", id="EWD-2 a Chinese name"),
        pytest.param("as ASSESSOR-1 noted", "the code of a person", id="EWD-2 a code in any case"),
        pytest.param("counter 112", "", id="EWD-2 not within a number"),
        pytest.param("at 14:32 the queue moved", "a time of day", id="EWD-2 a time"),
        pytest.param("about 2.45 pm", "a time of day", id="EWD-2 a time after noon"),
        pytest.param("下午3時才有回覆", "a time of day", id="EWD-2 a time in Chinese"),
        pytest.param("於１４：３２取得", "a time of day", id="EWD-2 a time in wide digits"),
        pytest.param("waited 14 minutes", "", id="EWD-2 a span is no time of day"),
        pytest.param("my number 9123 4567 was read back", "a telephone number", id="EWD-2 a telephone number"),
        pytest.param("my card A123456(3)", "an identity card number", id="EWD-2 an identity card"),
        pytest.param("a smile \U0001f600", "No paper can print", id="EWD-3 no glyph"),
        pytest.param("x" * (MOST_LETTERS + 1), f"{MOST_LETTERS} fit", id="EWD-3 too long"),
    ],
)
def test_words_that_name_somebody_or_a_moment_are_refused(words: str, holds: str) -> None:
    found = refused_words(words, UNNAMED)
    assert (found is None) == (not holds), found
    assert holds in str(found or "")


def test_the_language_of_words_follows_from_their_letters() -> None:
    assert [language_of(words) for words in ("Warm.", "語氣親切", "MTR 站")] == ["en", "zh-Hant", "zh-Hant"]
