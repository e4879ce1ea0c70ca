"""Photos, files, words and sound that support an answer or the whole visit."""
