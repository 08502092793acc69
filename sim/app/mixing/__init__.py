"""Behind the page Seeding mix: the mixes that a budget is looked at with, and the answer."""
