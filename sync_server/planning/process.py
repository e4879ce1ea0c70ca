"""A plan is made in a process of its own: its libraries are large, and it must not slow phones and pages.

PPR-1  The process is given no setting and no secret of the server (CHP-1), one worker, and it is the first to go
       where the machine runs out of memory.
"""

from __future__ import annotations

import logging
import subprocess

import msgspec

from checklists.language import N_, SentenceError, sentence
from sync_server.machine import child_process
from sync_server.planning.question import Question
from sync_server.planning.result import Plan

logger = logging.getLogger(__name__)

LONGEST_S = 900
_ONE_WORKER = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONHASHSEED": "0"}


class PlanFailedError(SentenceError, RuntimeError):
    """The process did not come to an end."""


def planned(question: Question) -> Plan:
    """Return the plan of `question`. Blocks for seconds.

    Raises:
        PlanFailedError: the process took too long, or the machine ended it.
    """
    try:
        sent = msgspec.json.encode(question)
        child = child_process.run("sync_server.planning.child", sent, longest_s=LONGEST_S, **_ONE_WORKER)
        child.check_returncode()
    except subprocess.TimeoutExpired as error:
        words = N_("The plan was not made within {minutes} minutes. Nothing was written.")
        raise PlanFailedError(sentence(words, minutes=LONGEST_S // 60)) from error
    except (subprocess.CalledProcessError, OSError) as error:
        logger.error("the process that makes plans: %s %s", error, getattr(error, "stderr", b"") or "")
        words = N_("The process that makes plans ended early; the log says why. Nothing was written.")
        raise PlanFailedError(sentence(words)) from error
    return msgspec.json.decode(child.stdout, type=Plan)
