"""Pictures of results, each in two halves: result → chart data (plain, tested) → plotly figure.

Words come in from the caller in its language; colours come from `theme.py`.
"""
