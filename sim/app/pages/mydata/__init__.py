"""My data: files of other programs, what they say of a scenario, and how to take it over."""
