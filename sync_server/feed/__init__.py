"""News of changes: to phones by the change feed, to open pages by events. Knows the database alone."""
