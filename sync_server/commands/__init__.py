"""The commands of `sync-server`, one a module, loaded only when called. May use every room."""
