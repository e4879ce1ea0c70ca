"""A phone whose app has started, with something in its lists."""

from __future__ import annotations

import pytest

from tests.fieldapp.app_kit import Phone, fill


@pytest.fixture
async def phone() -> Phone:
    phone = await fill(Phone())
    await phone.app.start()
    return phone
