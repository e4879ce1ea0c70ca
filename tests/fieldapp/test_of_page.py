"""What belongs to one open page."""

from __future__ import annotations

import gc

from fieldapp.of_page import OfPage
from tests.fieldapp.drawn import a_session


def test_two_pages_that_are_equal_field_by_field_have_a_value_each() -> None:
    one, other = a_session(), a_session()
    kept = OfPage[str]()
    kept.put(one.page, "en")
    assert kept.get(one.page) == "en"
    assert kept.get(other.page) is None
    kept.put(one.page, "zh-Hant")
    assert kept.get(one.page) == "zh-Hant"


def test_a_value_goes_with_its_page() -> None:
    kept = OfPage[str]()
    session = a_session()
    kept.put(session.page, "en")
    del session
    gc.collect()
    assert not kept._values
