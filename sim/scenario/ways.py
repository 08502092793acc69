"""How many accounts: the question, unless asked otherwise. Loads nothing, so that a command line may."""

WAYS = ("1+", "split", "race")
"""Of sharing the posts out; `same` is left out, which no practitioner means to do."""
COUNTS = (0, 1, 2, 4, 8, 16)
"""Accounts beside the main one (chosen): each step doubles."""
SEEDS = 16
"""Replications of each number of accounts (chosen)."""
