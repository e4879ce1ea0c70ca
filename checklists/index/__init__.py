"""The customer index: tables as printed, ranks, what is odd, and customers' answers. Knows no form and no file."""
