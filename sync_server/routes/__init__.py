"""The doors: `api` for devices, `dashboard` for people, `odata` for programs, `health`. Decide nothing."""
