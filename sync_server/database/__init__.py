"""Engine, the one writer, tables, statements, migrations. All SQL is here; it knows `machine` alone."""
