"""The doors: `api` for devices, `dashboard` for people, three for programs, `health`. Decide nothing."""
