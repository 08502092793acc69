"""People as mesa agents: for reading, teaching and proof."""
