"""Campaign 活动排期."""
