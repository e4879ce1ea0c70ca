"""What is asked: a form, its file, every problem of one. Knows no assessment."""
