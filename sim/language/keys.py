"""Words that stand as values of a scenario's keys, and names of columns that are no keys; in two languages.

What keys and tables are called, what they mean, their units and sources stand in the schema (sim/scenario).
"""

from sim.language.entry import read

KEY = read("key")
"""Columns of lists in lists, which are no keys."""
INGREDIENT = read("ingredient")
"""Ingredients of the content formula."""
STANDING = read("standing")
"""How the default of a key is known."""
DAY = read("day")
"""Days of the week."""
