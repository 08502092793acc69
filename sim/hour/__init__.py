"""The hour: a list of stages (plan.py), the state that it moves on, and what stages hand to one another."""
