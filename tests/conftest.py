"""The catalogues are compiled before any test reads them: a pull brings new sentences, and only an install compiles."""

import importlib.util
from pathlib import Path

ROOT = Path(__file__).parent.parent


def pytest_sessionstart() -> None:
    spec = importlib.util.spec_from_file_location("catalogues", ROOT / ".build" / "catalogues.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.compile_all(ROOT)
