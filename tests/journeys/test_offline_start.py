"""The installed app starts with no network, keeps what was kept through SIGKILL, and lets one tab at a time write."""

from __future__ import annotations

import pytest

from tests.journeys.browsers import Installed, Phones, in_python, open_app, see_app, worker_of
from tests.journeys.site import Site

pytestmark = pytest.mark.journey

MOUNT = "import device_storage\nheld = await device_storage.lock(False)\nawait device_storage.mount()\nheld"
KEEP = """
import device_storage
from pathlib import Path
Path("/data/journey.txt").write_text({words!r}, "utf-8")
Path("/data/journey.bin").write_bytes(bytes(range(256)) * 2000)
await device_storage.flush()
"""
READ = """
from pathlib import Path
kept = Path("/data/journey.txt")
(kept.read_text("utf-8") if kept.exists() else "") + " " + str(Path("/data/journey.bin").stat().st_size)
"""
FLUSH_TOO_LATE = """
try:
    await device_storage.flush()
    said = "kept"
except Exception as error:
    said = str(error)
said
"""


def test_app_starts_offline_and_keeps_flushed_data_through_a_kill(
    phones: Phones, site: Site, installed: Installed
) -> None:
    phone = phones.launch(like=installed.profile)
    open_app(phone.page, site.url)
    assert in_python(phone.page, MOUNT) is True
    in_python(phone.page, KEEP.format(words="第一次探訪"))

    site.stop()
    phone.kill()
    page = phone.restart()
    open_app(page, site.url)
    assert in_python(page, MOUNT) is True
    assert in_python(page, READ) == "第一次探訪 512000"

    in_python(page, KEEP.format(words="離線時的第二次"))
    phone.kill()
    page = phone.restart()
    open_app(page, site.url)
    in_python(page, MOUNT)
    assert in_python(page, READ) == "離線時的第二次 512000"
    marks = worker_of(page).evaluate("() => self.bootMarks()")
    assert marks["kept"] < marks["python"]  # the storage was read while Python was loaded


def test_page_asks_the_network_for_nothing_but_itself(installed: Installed, site: Site) -> None:
    elsewhere = [url for url in installed.asked if not url.startswith((site.url, "blob:", "data:"))]
    blocked_by_policy = [url for url in elsewhere if "rive" in url]
    assert elsewhere == blocked_by_policy
    assert [name for name in installed.sent if name.endswith((" 404", " 500"))] == []


def test_one_tab_at_a_time_writes_and_the_one_that_lost_can_take_the_app_back(
    phones: Phones, site: Site, installed: Installed
) -> None:
    phone = phones.launch(like=installed.profile)
    first = phone.page
    open_app(first, site.url)
    in_python(first, KEEP.format(words="first tab"))

    second = phone.context.new_page()
    open_app(second, site.url)
    assert in_python(second, "import device_storage\nawait device_storage.lock(False)") is False
    second.get_by_role("button", name="Use it here").click()
    second.get_by_role("button", name="Enrol this phone").wait_for(state="attached")
    assert in_python(second, READ) == "first tab 512000"
    assert in_python(first, "device_storage.isLost()") is True
    assert "OpenElsewhere" in in_python(first, FLUSH_TOO_LATE)

    first.bring_to_front()
    with first.expect_navigation():
        first.get_by_role("button", name="Use it here").click()
    see_app(first)
    first.get_by_role("button", name="Enrol this phone").wait_for(state="attached")
    in_python(first, KEEP.format(words="taken back"))
    assert in_python(second, "device_storage.isLost()") is True
