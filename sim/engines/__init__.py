"""The two drivers of the hour, each with its people: compiled columns, and one mesa agent a person."""
