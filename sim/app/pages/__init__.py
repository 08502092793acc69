"""The pages: one folder each, whose `page.py` has a function `page(words)` that draws it."""
