"""`checklists` needs only the standard library and msgspec: phone, browser and anybody's script can run it."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import msgspec

PACKAGE = Path(__file__).parents[2] / "checklists"

# Run without site-packages: only this checkout and the one folder that holds msgspec can be found, and of the latter
# nothing but msgspec may be imported.
PROBE = """
import importlib, pkgutil, sys
sys.path[:0] = [{root!r}]
class OnlyMsgspec:
    def find_spec(self, name, path=None, target=None):
        first = name.partition(".")[0]
        if first in ("checklists", "msgspec") or first in sys.stdlib_module_names or first.startswith("_sysconfig"):
            return None
        raise ImportError(f"checklists must not import {{name}}")
sys.meta_path.insert(0, OnlyMsgspec())
sys.path.append({packages!r})
import checklists
for module in pkgutil.walk_packages(checklists.__path__, "checklists."):
    importlib.import_module(module.name)
from checklists.forms.file import shipped_forms
print(len(shipped_forms()))
"""


def test_every_module_imports_with_the_standard_library_and_msgspec_alone():
    probe = PROBE.format(root=str(PACKAGE.parent), packages=str(Path(msgspec.__file__).parents[1]))
    done = subprocess.run([sys.executable, "-S", "-c", probe], capture_output=True, text=True, timeout=60, check=False)
    assert done.stderr == ""
    assert done.stdout.strip() == "5"


def test_no_rule_reads_a_clock_or_writes_a_float():
    """Floats on a score path flip grades: no float literal, no `float(...)` call, no `datetime.now` in the package.

    Distances on a map reach no score: they are told to whoever stands there and to the reviewer.
    """
    bad = []
    for file in set(PACKAGE.rglob("*.py")) - {PACKAGE / "record" / "place.py"}:
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            is_float = isinstance(node, ast.Constant) and type(node.value) is float
            called = isinstance(node, ast.Call) and ast.unparse(node.func)
            if is_float or called in ("float", "datetime.now", "datetime.utcnow", "date.today", "time.time"):
                bad.append(f"{file.name}:{node.lineno}")
    assert bad == []
