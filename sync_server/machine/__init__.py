"""The process and its surroundings: TLS, logs, metrics, small files, the field app it serves. Knows no season."""
