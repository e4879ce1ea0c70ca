"""XLSForm in and out: rows of a workbook to a form and back. Pure; every problem with its sheet, row and column."""
