"""All words: what is counted and named, sentences in two languages, how numbers are shortened."""
