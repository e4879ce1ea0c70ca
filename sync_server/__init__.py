"""The sync server: accepts records and media, keeps every revision, scores them, and shows them to coordinators."""
