"""Pools 流量池: videos on the ladder, one video's record, and luck."""
