"""A visit noted down while somebody may look: a page of notes and nothing else, and the sorting of it outside."""
