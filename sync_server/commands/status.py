"""Exit statuses. Scripts rely on them, so they are permanent."""

from __future__ import annotations

DONE = 0
NOT_WHOLE = 1  # done, and what was found or brought in is not as it should be
NOT_SERVING = 1  # a server could not start
CANNOT = 2  # nothing was done: a word, a setting or a file cannot be used
