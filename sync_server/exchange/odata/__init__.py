"""OData in words and figures: what is asked in an address, read; what there is, described. Asks no database."""
