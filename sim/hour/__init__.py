"""The hour: a list of stages (plan.py) and one file a stage, as drivers over columns."""
