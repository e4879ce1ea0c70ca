"""A visit from the phone: checked, kept as a revision, given its base. Knows no standing."""
