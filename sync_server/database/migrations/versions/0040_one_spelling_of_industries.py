"""Turn the old spelling of an industry group into today's, wherever a season keeps it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0031"
branch_labels = None
depends_on = None

_KEPT_IN_JSON = (("entries", "history"), ("assignments", "body"))


def upgrade() -> None:
    """Bring what is kept one step forward."""
    op.execute(
        sa.text("UPDATE entrants SET industry = :new WHERE industry = :old").bindparams(
            old="public_service_utilities", new="public_utilities"
        )
    )
    for table, column in _KEPT_IN_JSON:
        op.execute(
            sa.text(
                f"UPDATE {table} SET {column} = replace({column}, :old, :new) WHERE {column} LIKE :some"  # noqa: S608
            ).bindparams(
                old='"industry":"public_service_utilities"',
                new='"industry":"public_utilities"',
                some="%public_service_utilities%",
            )
        )
