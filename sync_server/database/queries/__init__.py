"""All SQL, one noun a file, one statement a function. A query never commits: the writer does."""
