"""A network that is cut again and again: an upload goes on where it was, and ends."""

from __future__ import annotations

import pytest

from checklists.language import N_, sentence
from fieldapp.errors import Unreachable
from fieldapp.sync.upload import send

CUT_BYTES = 64 * 1024
FILE = bytes(range(251)) * 5300  # 1.3 MB, and no two pieces of 64 KB alike


class CutNetwork:
    """A server that holds what arrived, behind a network that carries `carries` bytes and is then cut."""

    def __init__(self, carries: int, *, loses_the_reply: bool) -> None:
        self.held, self.carried = bytearray(), 0
        self._carries, self._loses_the_reply = carries, loses_the_reply

    async def offset(self, _upload: str) -> int:
        return len(self.held)

    async def append(self, _upload: str, offset: int, chunk: bytes) -> int:
        assert offset == len(self.held), "nothing is sent twice, and nothing is left out"
        arrived = chunk[: self._carries]
        self.held += arrived
        self.carried += len(arrived)
        if len(arrived) < len(chunk) or self._loses_the_reply:
            raise Unreachable("no-answer", sentence(N_("The server does not answer.")))
        return len(self.held)


@pytest.mark.parametrize("loses_the_reply", [False, True], ids=["cut on the way", "and each reply lost"])
@pytest.mark.parametrize("carries", [CUT_BYTES, CUT_BYTES - 1, 8 * CUT_BYTES], ids=["64 KB", "a byte less", "a chunk"])
async def test_a_network_that_is_cut_after_every_64_kb_still_carries_a_file(
    carries: int, loses_the_reply: bool
) -> None:
    network = CutNetwork(carries, loses_the_reply=loses_the_reply)
    tries = 0
    while tries <= len(FILE) // carries + 1:
        tries += 1
        try:
            assert await send(network, "upload-1", FILE)
            break
        except Unreachable:
            continue
    assert bytes(network.held) == FILE
    assert network.carried == len(FILE)
