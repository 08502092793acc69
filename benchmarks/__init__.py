"""Speed of the whole model, beside its ceiling and its peers: `python -m benchmarks`."""
