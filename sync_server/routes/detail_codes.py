"""The codes of single problems in `details`, beside those of the findings. The README lists them."""

from __future__ import annotations

DETAIL_CODES = frozenset(
    {
        "differs-from-assignment",
        "field-missing",
        "field-not-valid",
        "form-not-usable",
        "id-differs",
        "id-repeated",
        "moment-missing",
        "moment-not-valid",
        "not-an-object",
        "not-readable",
        "recording-not-allowed",
        "revision-out-of-range",
        "sha256-not-valid",
        "size-not-valid",
        "status-not-yours",
        "text-not-valid",
    }
)
