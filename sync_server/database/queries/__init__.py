"""The statements, one noun a file, one question or change a function. A query never commits: the writer does."""
