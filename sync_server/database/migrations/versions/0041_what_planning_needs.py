"""Keep how entries, branches and assessors fit together, and why an assignment may break a soft rule.

Onsite entries kept before take the variant that their assignments have, else `branch`.
"""

from __future__ import annotations

import json
from collections import defaultdict

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

_VARIANTS = "onsite_variant IN ('recording', 'branch', 'both')"
_DIRECTIONS = "direction IN ('inbound', 'outbound', 'both')"


def upgrade() -> None:
    """Bring the schema one step forward, and what is kept with it."""
    for table, column in (
        ("entries", sa.Column("onsite_variant", sa.Text(), _named("entries", "onsite_variant_known", _VARIANTS))),
        ("entries", sa.Column("direction", sa.Text(), _named("entries", "direction_known", _DIRECTIONS))),
        ("branches", sa.Column("lat", sa.Double())),
        ("branches", sa.Column("lon", sa.Double())),
        ("branches", sa.Column("district", sa.Text())),
        ("branches", sa.Column("service", sa.Text())),
        ("assessors", sa.Column("districts", sa.Text(), nullable=False, server_default="[]")),
        ("assignments", sa.Column("exception", sa.Text(), nullable=False, server_default="")),
    ):
        op.add_column(table, column)
    op.create_table(
        "conflicts",
        sa.Column("assessor_id", sa.Text(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("until", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["assessor_id"], ["assessors.id"], name=op.f("fk_conflicts_assessor_id")),
        sa.PrimaryKeyConstraint("assessor_id", "organisation", name=op.f("pk_conflicts")),
    )
    _keep_variants()


def _named(table: str, name: str, rule: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}"))


def _keep_variants() -> None:
    db = op.get_bind()
    seen: defaultdict[str, set[str | None]] = defaultdict(set)
    given = db.execute(sa.text("SELECT entrant_id, body FROM assignments WHERE channel = 'onsite' AND NOT withdrawn"))
    for entrant_id, body in given:
        seen[entrant_id].add(json.loads(body).get("variant"))
    for (entrant_id,) in db.execute(sa.text("SELECT entrant_id FROM entries WHERE channel = 'onsite'")).all():
        variants = seen[entrant_id] - {None} or {"branch"}
        variant = variants.pop() if len(variants) == 1 else "both"
        db.execute(
            sa.text("UPDATE entries SET onsite_variant = :variant WHERE channel = 'onsite' AND entrant_id = :entrant"),
            {"variant": variant, "entrant": entrant_id},
        )
