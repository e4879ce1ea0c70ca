"""Who may come in and do what: accounts, sessions, devices, permissions, throttles. Knows no visit."""
