"""Behind the page Pools: videos on the ladder, one video's record, and luck."""
