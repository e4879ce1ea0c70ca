"""Files by the SHA-256 of their bytes: kept, uploaded in parts, shown safely."""
