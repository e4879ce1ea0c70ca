"""A season from spreadsheets: CSV files read, every bad row told, then all written or nothing.

`sheets` says which files and columns there are, `reader` turns bytes into rows, `check` rows into a plan or problems,
`apply` a plan into the database and the devices' feed. Used by `sync-server import`, the upload page and the demo.
"""
