"""Is it true? Facts that were measured of real platforms, beside what the model gives.

facts.toml is the list; worlds.py says what is simulated, watch.py what is kept of a run, measures.py how each
fact is read from it, verdicts.py how an interval meets a published one, controls.py what must not pass.
study.py runs it all and page.py writes it down.
"""
