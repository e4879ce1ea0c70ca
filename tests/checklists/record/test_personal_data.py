"""E7: personal data in an assessor's words is found; what only looks like it is left alone."""

from __future__ import annotations

import time

import pytest

from checklists.record.personal_data import PersonalData, personal_data_in

HKID, PHONE = PersonalData.IDENTITY_CARD, PersonalData.TELEPHONE
CARD, EMAIL = PersonalData.PAYMENT_CARD, PersonalData.EMAIL


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        pytest.param("card A123456(3) shown", [HKID], id="identity card in brackets"),
        pytest.param("card a1234563", [HKID], id="right check digit without brackets"),
        pytest.param("card A1234567", [], id="wrong check digit without brackets is a reference"),
        pytest.param("card A123456(9)", [HKID], id="brackets show it even when mistyped"),
        pytest.param("card AB987654(3)", [HKID], id="two letters"),
        pytest.param("card G123456(A)", [HKID], id="check digit A"),
        pytest.param("Ａ１２３４５６（３）", [HKID], id="full-width"),
        pytest.param("call 9123 4567", [PHONE], id="telephone with a space"),
        pytest.param("call 23456789.", [PHONE], id="telephone without"),
        pytest.param("call +852-2345-6789", [PHONE], id="telephone with the area code"),
        pytest.param("致電九龍 23456789 查詢", [PHONE], id="between Chinese words"),
        pytest.param("ref 12345678", [], id="no telephone begins with 1"),
        pytest.param("on 20210301", [], id="a date"),
        pytest.param("ref 123456789012", [], id="a longer number"),
        pytest.param("4111 1111 1111 1111", [CARD], id="card that passes Luhn"),
        pytest.param("4111 1111 1111 1112", [], id="card that does not"),
        pytest.param("378282246310005", [CARD], id="card of 15 digits"),
        pytest.param("write to chan.tai-man@mail.example.com.hk", [EMAIL], id="e-mail"),
        pytest.param("at 3 @ 5 dollars", [], id="no e-mail"),
        pytest.param("A123456(3), 9123 4567, a@b.hk", [HKID, PHONE, EMAIL], id="several, in order"),
        pytest.param("Waited 95 s, 3 menus, $1,234.50, 2021-03-01 10:00", [], id="everyday numbers"),
        pytest.param("", [], id="nothing"),
    ],
)
def test_personal_data_is_found_by_its_pattern(text, kinds):
    assert [found.kind for found in personal_data_in(text)] == kinds


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("9123\u20134567", id="TPN-1 an en dash"),
        pytest.param("9123 \u2014 4567", id="TPN-1 an em dash between spaces"),
        pytest.param("9123\u20114567", id="TPN-1 a dash that does not break"),
        pytest.param("9123.4567", id="TPN-1 a full stop"),
        pytest.param("6123_4567", id="TPN-1 a low line"),
        pytest.param("\uff19\uff11\uff12\uff13\u3000\uff14\uff15\uff16\uff17", id="TPN-1 full-width"),
        pytest.param("tel:2123-4567", id="TPN-1 behind what is said of numbers"),
        pytest.param("tel-91234567", id="TPN-1 behind letters that name a telephone"),
        pytest.param("call 2130 2145", id="TPN-3 halves that could be times"),
        pytest.param("2145-2130", id="TPN-3 no span, as it would end before it begins"),
        pytest.param("at +852 2130 2145", id="TPN-3 with the area code"),
        pytest.param("5000-6001", id="TPN-3 no round figures"),
    ],
)
def test_a_telephone_number_is_found(text):
    assert [found.kind for found in personal_data_in(f"please {text} today")] == [PHONE]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("the 2021-2022 leaflet was out of date", id="TPN-2 two years"),
        pytest.param("in 2023 2024", id="TPN-2 two years beside each other"),
        pytest.param("open 2000-2130 on weekdays", id="TPN-2 a span of clock times"),
        pytest.param("called at 2130 2145 and 2200", id="TPN-2 several clock times"),
        pytest.param("on 2 March 2021 0930", id="TPN-2 a day and its time"),
        pytest.param("on 2/3/2021 0930", id="TPN-2 a day in figures and its time"),
        pytest.param("loan of 3000-5000 dollars", id="TPN-2 a range of money"),
        pytest.param("between 3000 \u2013 5000", id="TPN-2 round figures"),
        pytest.param("$50000000", id="TPN-2 money"),
        pytest.param("HKD 9123 4567", id="TPN-2 money with its letters"),
        pytest.param("91234567元", id="TPN-2 money in Chinese"),
        pytest.param("Form HKC-2025-0001", id="TPN-2 a form's number"),
        pytest.param("個案編號：28001234", id="TPN-2 a case's number"),
        pytest.param("rooms 2345-2346", id="TPN-2 a small step"),
        pytest.param("22.28701141", id="a decimal"),
    ],
)
def test_what_only_looks_like_a_telephone_number_is_left_alone(text):
    assert personal_data_in(text) == ()


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a" * 200_000 + "@", id="a word without end"),
        pytest.param("a." * 100_000 + "@" + "a." * 100_000, id="dots without end"),
        pytest.param("9" * 200_000, id="digits without end"),
        pytest.param("1 " * 100_000, id="spaced digits"),
        pytest.param("9123 4567, " * 20_000, id="twenty thousand numbers"),
    ],
)
def test_no_text_takes_more_than_a_pass(text):
    """Quadratic patterns take minutes over these; the limit is generous for a slow machine."""
    started = time.process_time()
    personal_data_in(text)
    assert time.process_time() - started < 5
