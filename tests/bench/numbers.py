"""The numbers of a season, each beside its target, one bench after the other: `python -m tests.bench.numbers [NAME …]`.

Only what has a target is printed; a bench by itself says more. Memory of the server: `big` fills it and looks.
"""

from __future__ import annotations

import argparse
import subprocess
import sys

BENCHES = ("review_bench", "quality_bench", "workbook_bench", "reports_bench", "big")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", default=BENCHES, help=f"of {', '.join(BENCHES)}")
    failed = missed = 0
    for name in parser.parse_args().names:
        running = subprocess.Popen([sys.executable, "-m", f"tests.bench.{name}"], stdout=subprocess.PIPE, text=True)
        assert running.stdout is not None
        for line in running.stdout:
            if "(target " in line:
                missed += "MISSED" in line
                print(line, end="", flush=True)
        failed += running.wait() != 0
    print(f"{missed} missed" + (f", {failed} benches failed" if failed else ""))
    sys.exit(bool(missed or failed))


if __name__ == "__main__":
    main()
