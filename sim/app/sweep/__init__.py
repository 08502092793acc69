"""Behind the page Experiments: the form, the sweeps under way, and what they gave."""
