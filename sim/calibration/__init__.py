"""Calibration: what one's own videos say about the keys of a scenario, and how surely.

Takes a table of videos and a scenario; gives posteriors of keys, a scenario with those that the data tell,
and checks of it against the data.
"""
