"""A customer-service proposal: its template, what is wrong in one, what judges' marks come to. Knows no file."""
