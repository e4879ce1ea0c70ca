"""`python -m tests.native_check`: is the app for Android, iOS and desktop whole?

Stages it, imports each of its modules with nothing installed but the phone's dependencies, and asks the package index
for a wheel of each dependency on each platform. The second half needs a network; without one it says so and passes.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from fieldapp.web.native import dependencies, stage

PYTHON = "3.14"  # what Flet 1.0.5 packs
PLATFORMS = {
    "Android": ("android_24_arm64_v8a",),
    "iOS": ("ios_13_0_arm64_iphoneos",),
    "macOS": ("macosx_11_0_arm64",),
    "Linux": ("manylinux2014_x86_64", "manylinux_2_28_x86_64"),
    "Windows": ("win_amd64",),
}
# Compiled packages without a public wheel there; Flet's own index has builds of such ones. Anything else is a failure.
FROM_FLETS_INDEX = {
    "Android": frozenset({"msgspec", "pillow", "audioop-lts"}),
    "iOS": frozenset({"msgspec", "audioop-lts"}),
}
_RESOLVE = (
    *(sys.executable, "-m", "pip", "install", "--dry-run", "--no-deps", "--quiet", "--target", "unused"),
    *("--only-binary=:all:", "--ignore-requires-python", "--python-version", PYTHON, "--implementation", "cp"),
)
# Runs in the staged folder. What a dependency brings is found by its own metadata, so that nothing else can slip in.
_IMPORT = """
import re, sys
from importlib import import_module
from importlib.abc import MetaPathFinder
from importlib.metadata import distribution, packages_distributions
from pathlib import Path

wanted, allowed = list(sys.argv[1:]), set()
while wanted:
    name = re.match(r"[\\w.-]+", wanted.pop())[0].lower().replace("_", "-")
    if name not in allowed:
        allowed.add(name)
        try:
            wanted += [line for line in distribution(name).requires or () if "extra ==" not in line]
        except ModuleNotFoundError:
            pass  # for another platform
brought = {top: {d.lower().replace("_", "-") for d in dists} for top, dists in packages_distributions().items()}

class Fence(MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        dists = brought.get(name.partition(".")[0])
        if path is None and dists and not dists & (allowed | {"mystery-shopper-fieldtool"}):
            raise ModuleNotFoundError(f"{name} is no dependency of the phone's app")

sys.meta_path.insert(0, Fence())
here = Path.cwd()
sys.path.insert(0, str(here))
files = sorted(path.relative_to(here).with_suffix("") for path in here.rglob("*.py"))
names = [".".join(file.parts).removesuffix(".__init__") for file in files]
for name in names:
    if name != "main":
        module = import_module(name)
        assert Path(module.__file__).is_relative_to(here), module.__file__
print(len(names) - 1)
"""


def import_staged(folder: Path) -> int:
    """Import every module staged in `folder` with the phone's dependencies alone; return how many there are.

    Raises:
        AssertionError: one cannot be imported; with what Python said.
    """
    done = subprocess.run(
        [sys.executable, "-c", _IMPORT, *dependencies()], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return int(done.stdout)


def missing_wheels(platform: str) -> list[str] | None:
    """Return the dependencies without a public wheel for `platform`; None: the package index does not answer."""
    missing = []
    for line in dependencies():
        name = line.partition(";")[0].strip()
        tags = [word for tag in PLATFORMS[platform] for word in ("--platform", tag)]
        done = subprocess.run([*_RESOLVE, *tags, name], capture_output=True, text=True, check=False)
        if "NewConnectionError" in done.stderr or "Temporary failure in name resolution" in done.stderr:
            return None
        if done.returncode:
            missing.append(name)
    return missing


def main(platforms: Sequence[str]) -> int:
    """Check it all and print one line a platform; 1 when something is missing that should be there."""
    with tempfile.TemporaryDirectory() as folder:
        stage(Path(folder) / "native")
        sys.stdout.write(f"{import_staged(Path(folder) / 'native')} modules import with the phone's dependencies\n")
    failed = False
    for platform in platforms or PLATFORMS:
        missing = missing_wheels(platform)
        if missing is None:
            sys.stdout.write(f"{platform}: not resolved, the package index does not answer\n")
            continue
        known = FROM_FLETS_INDEX.get(platform, frozenset())
        names = {line.split("=")[0].split(">")[0].split("<")[0].strip() for line in missing}
        failed |= bool(names - known)
        sys.stdout.write(f"{platform}: no public wheel of {', '.join(sorted(names)) or 'nothing'}\n")
    return int(failed)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
