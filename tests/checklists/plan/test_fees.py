"""What an organisation pays, by the case ids of the award's page."""

from __future__ import annotations

from typing import Any

import pytest

from checklists.forms.form import Channel
from checklists.plan.fees import Bill, bill
from checklists.plan.quota import Size, plan_of
from checklists.rules.programme import load_programme

PROGRAMME = load_programme("mystery_caller_2021")
RULES = PROGRAMME.rules


def billed(*groups: str, rules: dict[str, Any] | None = None, **changes: Any) -> Bill:
    who = {"is_member": True, "is_new": False} | changes
    return bill(PROGRAMME.fees, groups, RULES.with_overrides(rules or {}), **who)


@pytest.mark.parametrize(
    ("told", "prices", "total"),
    [
        pytest.param(
            billed("B", is_member=False, is_new=True, certifications=1), (32_800,), 41_300, id="FE01 and certification"
        ),
        pytest.param(billed("A", "A", is_member=False), (25_800, 22_800), 48_600, id="FE02 joining is paid once"),
        pytest.param(billed("A", "A"), (22_800, 22_800), 45_600, id="FE03 a member now"),
        pytest.param(billed("D", "A", is_member=False), (62_800, 22_800), 85_600, id="joining once, of two sizes"),
        pytest.param(billed("A", "D", is_member=False), (25_800, 59_800), 85_600, id="the same in the other order"),
        pytest.param(
            billed("B", "B", "C", is_member=False), (32_800, 29_800, 45_800), 108_400, id="three entries join once"
        ),
        pytest.param(billed("C"), (45_800,), 45_800, id="QT14 group C as a member"),
        pytest.param(billed("A", "B", certifications=2), (22_800, 29_800), 69_600, id="two certifications"),
        pytest.param(billed(is_member=False), (), 0, id="no entry, nothing to join for"),
    ],
)
def test_an_organisation_pays(told: Bill, prices: tuple[int, ...], total: int) -> None:
    """R-FEE-1."""
    assert (told.entries, told.total) == (prices, total)


NEW, RETURNING = {"is_new": True}, {"is_new": False}
CHARGED = {"fees.waiver_charged": 2000}
INSIDE, IN_CERTIFICATION = {"fees.waiver": "inside"}, {"fees.waiver": "certification"}


@pytest.mark.parametrize(
    ("told", "application", "waived", "total"),
    [
        pytest.param(billed("A", **NEW), 0, 2000, 22_800, id="on top: a new one is spared it"),
        pytest.param(billed("A", **RETURNING), 0, 0, 22_800, id="on top: nothing until the organiser says"),
        pytest.param(billed("A", rules=CHARGED, **RETURNING), 2000, 0, 24_800, id="on top: charged"),
        pytest.param(billed("A", "A", rules=CHARGED, **RETURNING), 2000, 0, 47_600, id="on top: once"),
        pytest.param(billed("A", rules=CHARGED, **NEW), 0, 2000, 22_800, id="on top: charged, and spared"),
        pytest.param(billed("A", rules=INSIDE, **NEW), -2000, 2000, 20_800, id="inside: a new one pays less"),
        pytest.param(billed("A", rules=INSIDE, **RETURNING), 0, 0, 22_800, id="inside: a returning one does not"),
        pytest.param(
            billed("A", rules=IN_CERTIFICATION, certifications=1, **NEW), -2000, 2000, 29_300, id="inside the 8,500"
        ),
        pytest.param(billed("A", rules=IN_CERTIFICATION, **NEW), 0, 2000, 22_800, id="no certification, nothing off"),
        pytest.param(
            billed("A", rules=IN_CERTIFICATION, certifications=1), 0, 0, 31_300, id="certification of a returning one"
        ),
    ],
)
def test_the_application_fee_is_a_line_of_its_own(told: Bill, application: int, waived: int, total: int) -> None:
    """R-FEE-2."""
    assert (told.application, told.waived, told.total) == (application, waived, total)


@pytest.mark.parametrize(
    ("channel", "variant", "total"),
    [
        pytest.param(Channel.PHONE_IN, None, 45_800, id="QT14 by seats"),
        pytest.param(Channel.FACE_TO_FACE, None, 22_800, id="QT12 by branches"),
        pytest.param(Channel.ONSITE, "both", 45_800, id="QT15 by seats"),
        pytest.param(Channel.ONSITE, "branch", 22_800, id="onsite visits by branches"),
    ],
)
def test_the_fee_follows_what_gives_the_quota(channel: Channel, variant: str | None, total: int) -> None:
    """R-QTA-2."""
    group = plan_of(channel, Size(seats=60, branches=5), RULES, variant=variant).group
    assert group is not None
    assert billed(group).total == total
