"""Experiments 实验: the form, the sweeps under way, and what they gave."""
