"""A record with its digest: the name of the content, however the body is written."""

from __future__ import annotations

import subprocess
import sys

import msgspec
import pytest

from checklists import wire
from checklists.record.assessment import Assessment
from tests.builders import an_assessment

RECORD = an_assessment(notes={"A1": {"words": 'said "何" \\ / \u2028 é', "about": "later"}})
PLAIN = msgspec.json.decode(wire.encode(RECORD))


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(wire.encode(RECORD), id="as a phone writes it"),
        pytest.param(wire.canonical(wire.encode(RECORD)), id="sorted"),
        pytest.param(msgspec.json.encode(dict(reversed(PLAIN.items()))), id="in another order"),
        pytest.param(msgspec.json.format(wire.encode(RECORD)), id="with spaces"),
        pytest.param(wire.encode(RECORD).replace("何".encode(), b"\\u4f55"), id="with escapes"),
    ],
)
def test_the_digest_names_the_content_alone(body):
    record, digest = wire.decode_with_digest(body, Assessment)
    assert (record, digest) == (RECORD, wire.digest(body))
    assert digest == wire.digest(wire.encode(RECORD))


@pytest.mark.parametrize(
    "more",
    [
        pytest.param({"weather": {"of": ["fog"], "at": None}}, id="a field we do not know"),
        pytest.param({"recordings": 0}, id="a field that could be left out"),
        pytest.param({"answers": {"A1": {"value": True, "at": "2021-03-01T04:00:00+00:00"}}}, id="another zone mark"),
    ],
)
def test_the_digest_names_what_the_record_leaves_out(more):
    body = msgspec.json.encode(PLAIN | more)
    _, digest = wire.decode_with_digest(body, Assessment)
    assert digest == wire.digest(body) != wire.digest(wire.encode(RECORD))


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"{", id="no JSON"),
        pytest.param(b"[1]", id="no record"),
        pytest.param(wire.encode(RECORD)[:-1] + b',"more":"\xff"}', id="what cannot be read in a field we do not know"),
    ],
)
def test_what_has_no_digest_is_no_record(body):
    with pytest.raises(wire.NotReadableError):
        wire.decode_with_digest(body, Assessment)


# Thirty structs, each in the one before it. Without the line that prepares them, this ends with a broken process.
FIRST_DECODED_BY_FOUR_THREADS = """
import sys, threading, types
import msgspec
from checklists import wire

sys.setswitchinterval(1e-6)
module = types.ModuleType("nested")
sys.modules["nested"] = module
lines = ["from __future__ import annotations", "import msgspec"]
for depth in range(30):
    lines += [f"class Level{depth}(msgspec.Struct):", f"    f0: 'list[Level{depth + 1}] | None' = None"]
    lines += [f"    f{field}: 'dict[str, int] | None' = None" for field in range(1, 12)]
lines += ["class Level30(msgspec.Struct):", "    last: int = 0"]
exec("\\n".join(lines), module.__dict__)
wire.prepare_structs()
body = b'{"f0":[{"f0":[{"f3":{"a":1},"f9":{"b":2}}]}],"f11":{"a":1}}'
together = threading.Barrier(4)

def first():
    together.wait()
    wire.decode(body, module.Level0)

threads = [threading.Thread(target=first) for _ in range(4)]
for thread in threads: thread.start()
for thread in threads: thread.join()
"""


def test_threads_that_decode_for_the_first_time_at_once_do_not_end_the_process():
    done = subprocess.run([sys.executable, "-c", FIRST_DECODED_BY_FOUR_THREADS], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
