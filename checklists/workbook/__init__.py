"""Workbooks as rows of text, read and written. Knows no form, and never goes to the phone."""
