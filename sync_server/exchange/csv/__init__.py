"""A season from spreadsheets: CSV files read, every bad row listed, then all of them written or nothing.

`sheets` says which files and columns there are, `reader` turns bytes into rows, `plan` rows into what is to be written
or into problems, `season_import` writes the plan and the devices' feed. Used by `sync-server import`, the upload page
and the demo.
"""
