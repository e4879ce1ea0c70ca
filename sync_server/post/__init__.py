"""Mail that leaves: an outbox in the database, emptied over SMTP by a job that tries again. Knows no season."""
