"""Behind the page Learn: the class, the lessons, and what their runs say."""
