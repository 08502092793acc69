"""What the keys of a scenario are called, and words that stand as their values; in two languages.

What a key means, its unit, source and range stand in the schema (sim/scenario): here is the name that a form,
the head of a column or a message gives it. A key without one goes by its dotted name, or by its meaning.
"""

from sim.language.entry import read

KEY = read("key")
"""Keys, sections and families of keys. A section that is not here has its name in its class (LABEL)."""
INGREDIENT = read("ingredient")
"""Ingredients of the content formula."""
STANDING = read("standing")
"""How the default of a key is known."""
DAY = read("day")
"""Days of the week."""
