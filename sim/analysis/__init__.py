"""Arithmetic on counts and on the rules in closed form: estimates, flows, ladder odds."""
