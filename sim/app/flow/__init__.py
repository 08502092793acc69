"""Behind the page Traffic flow: who there is, what links carried, and what they are worth."""
