"""The doors of the server: `api` for devices, `dashboard` for people, `health` for machines. Decide nothing."""
