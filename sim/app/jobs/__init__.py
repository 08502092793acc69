"""Work away from the page: what is asked for, the processes that do it, and where answers are kept."""
