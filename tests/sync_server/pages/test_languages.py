"""LANG, GAP: the language somebody wants, and its spaces. Ids are those in pages/languages.py and pages/drawing.py."""

from __future__ import annotations

import pytest

from sync_server.pages.drawing import closed_up
from sync_server.pages.languages import language_of_header


@pytest.mark.parametrize(
    ("header", "language"),
    [
        pytest.param("", "en", id="LANG-2 nothing said"),
        pytest.param("en-GB,en", "en", id="LANG-1 English"),
        pytest.param("zh-HK", "zh-Hant", id="LANG-1 Chinese of a place"),
        pytest.param("ZH", "zh-Hant", id="LANG-1 in any letters"),
        pytest.param("zh-Hans-CN, en;q=0.9", "zh-Hant", id="LANG-1 any Chinese"),
        pytest.param("fr-FR,fr;q=0.9,zh;q=0.5", "zh-Hant", id="LANG-1 the first of ours"),
        pytest.param("en;q=0.5,zh-TW;q=0.8", "zh-Hant", id="LANG-1 by weight, not by order"),
        pytest.param("zh;q=0.8,en;q=0.8", "zh-Hant", id="LANG-1 by order at the same weight"),
        pytest.param("zh;q=0.8, en", "en", id="LANG-1 without a weight it is 1"),
        pytest.param("zh ; q = 0.9 , en ; q=0.1", "zh-Hant", id="LANG-1 with spaces"),
        pytest.param("zh;q=0,en;q=0.1", "en", id="LANG-2 not wanted"),
        pytest.param("zh;q=0", "en", id="LANG-2 only what is not wanted"),
        pytest.param("zh;q=x", "en", id="LANG-2 a weight that cannot be read"),
        pytest.param("zh;level=1", "en", id="LANG-2 no weight at all"),
        pytest.param("*", "en", id="LANG-2 anything"),
        pytest.param("fr,de;q=0.2", "en", id="LANG-2 none of ours"),
        pytest.param(";,=;q", "en", id="LANG-2 noise"),
    ],
)
def test_the_language_of_a_browser(header, language):
    assert language_of_header(header) == language


@pytest.mark.parametrize(
    ("drawn", "shown"),
    [
        pytest.param("<p>甲。 乙。\n丙</p>", "<p>甲。乙。丙</p>", id="GAP-1 between sentences"),
        pytest.param("<p>甲。 <a>乙</a></p>", "<p>甲。<a>乙</a></p>", id="GAP-1 before a link"),
        pytest.param("<p>Done. 乙 丙</p>", "<p>Done. 乙 丙</p>", id="GAP-1 after a mark that has no space of its own"),
        pytest.param('<i title="甲。 乙">丙</i>', '<i title="甲。 乙">丙</i>', id="GAP-1 not in an attribute"),
        pytest.param(
            "<textarea>甲。 乙</textarea><p>丙！ 丁</p>", "<textarea>甲。 乙</textarea><p>丙！丁</p>",
            id="GAP-1 not in what is typed",
        ),
    ],
)  # fmt: skip
def test_no_space_stands_between_chinese_sentences(drawn: str, shown: str) -> None:
    assert closed_up(drawn) == shown
