"""What a tap costs on a form of 1,000 questions, half with conditions: `python -m tests.bench.conditions_bench`.

Each condition rests on the question before it and on a calculated value, so that nothing can be left out. The phone's
Python in the browser takes some five times as long: the bound is 50 ms there.
"""

from __future__ import annotations

import argparse
import sys
import time
from statistics import median

from checklists.forms.expression import expression
from checklists.forms.form import Calculated, Form
from checklists.record.conditions import hidden_by
from checklists.record.derived import Circumstances
from checklists.record.findings import findings
from checklists.record.sheet import sheet
from checklists.score.scoring import Scorer
from tests.builders import a_form, a_question, a_section, an_assessment, both

BOUND_MS, SLOWER = 50, 5


def a_big_form(count: int) -> Form:
    """Return a form of so many questions, every second one shown if the one before it is yes and few are no."""
    questions = [
        a_question(f"Q{n}", show_if=expression(condition(n)) if n % 2 else None, points=1) for n in range(1, count + 1)
    ]
    misses = {"count": [{"not": {"answer": f"Q{n}"}} for n in range(2, 202, 2)]}
    value = Calculated(key="misses", label=both("misses"), value=expression(misses))
    sections = [a_section(*questions[at : at + 10], id=f"S{at}", weight=1) for at in range(0, count, 10)]
    return a_form(*sections, calculated=(value,))


def condition(n: int) -> object:
    """Return the condition of the `n`th question."""
    return {"and": [{"answer": f"Q{n - 1}"}, {"less": [{"value": "misses"}, 90]}]} if n > 1 else True


def main() -> int:
    """Print what each part of a tap takes, in milliseconds; 1 when the conditions take too long for a phone."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--questions", type=int, default=1000)
    count = parser.parse_args().questions
    laid_out = sheet(a_big_form(count))
    answers = {f"Q{n}": n % 7 != 0 for n in range(1, count + 1)}
    record = an_assessment(answers=answers)
    scorer = Scorer(laid_out)
    works = {
        "conditions": lambda: hidden_by(laid_out.conditions, answers),
        "findings": lambda: findings(record, laid_out, circumstances=Circumstances()),
        "base": lambda: scorer.base(answers),
    }
    took: dict[str, float] = {}
    for name, work in works.items():
        work()
        times = []
        for _ in range(20):
            started = time.perf_counter()
            work()
            times.append(time.perf_counter() - started)
        took[name] = 1000 * median(times)
        sys.stdout.write(f"{name:12} {took[name]:7.2f} ms for {count} questions\n")
    return int(took["conditions"] * SLOWER > BOUND_MS)


if __name__ == "__main__":
    sys.exit(main())
