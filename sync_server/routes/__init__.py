"""The doors: `api` for devices, `dashboard` for people, `odata`, `openrosa` for programs, `health`. Decide nothing."""
