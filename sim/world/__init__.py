"""The world as columns: population, accounts, videos; their shapes, units and invariants."""
