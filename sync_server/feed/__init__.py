"""Who is told of a change: phones by the change feed, open pages by events. Knows the database alone."""
