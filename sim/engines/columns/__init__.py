"""People as columns: compiled passes over shards, and mesa's verbs over them."""
