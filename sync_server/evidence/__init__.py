"""Files by the SHA-256 of their bytes: uploaded in parts, kept, derived, shown safely. Reads no record."""
