"""Many runs over a design: points, a store that survives anything, workers, questions."""
