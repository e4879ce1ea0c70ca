"""What the reference reader of XLSForms says of a workbook that goes out."""

from __future__ import annotations

import io
from collections.abc import Sequence


def judgement(content: bytes) -> Sequence[str]:
    """Return what pyxform finds wrong with an XLSForm, its warnings too; nothing where it takes it without a word."""
    # Here, because `checklists` is imported where the library is not: the phone, and anybody's script.
    from pyxform.errors import PyXFormError
    from pyxform.xls2xform import convert

    try:
        said: Sequence[str] = convert(io.BytesIO(content), validate=False, file_type=".xlsx").warnings
    except PyXFormError as error:
        return [str(error)]
    return said
