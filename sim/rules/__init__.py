"""The rulebook: scalar, pure functions; no arrays of their own, no hidden randomness.

Both drivers (columns and agents) call the same compiled objects.
"""
