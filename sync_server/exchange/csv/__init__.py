"""A season from spreadsheets: read whatever they are in, every bad row listed, previewed, written whole or not at all.

`archive` gathers files, `tables` and `workbook` find the tables in them, `encoding` decides what text is in. `sheets`
says which tables and columns there are, `reader` turns them into rows, `plan` rows into what would change or into
problems, `season_import` that into verbs. `importing` stages and writes beside the running work, `undoing` takes back.
Used by `sync-server import`, the import page and the demo.
"""
