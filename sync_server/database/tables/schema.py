"""What all tables share: one schema with names for every constraint, and the roles."""

from __future__ import annotations

from sqlalchemy import MetaData

ROLES = ("admin", "coordinator", "reviewer", "viewer", "entrant", "judge", "member")

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)
