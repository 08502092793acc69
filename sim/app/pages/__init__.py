"""The pages: each module has a function `page(words)` that draws it."""
