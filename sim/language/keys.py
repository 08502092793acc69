"""What the tables of a scenario are called, and words that stand as values of its keys; in two languages.

A key's own name, what it means, its unit, source and range stand in the schema (sim/scenario), once.
"""

from sim.language.entry import read

KEY = read("key")
"""Sections, families of keys, columns that are no keys; other sections have theirs in their class."""
INGREDIENT = read("ingredient")
"""Ingredients of the content formula."""
STANDING = read("standing")
"""How the default of a key is known."""
DAY = read("day")
"""Days of the week."""
