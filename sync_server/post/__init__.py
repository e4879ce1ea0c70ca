"""What leaves: mail over SMTP and messages of webhooks, from the database, by jobs that try again. Knows no season."""
