"""Work that survives a crash, and the names under which it is requested. Knows the database alone."""
