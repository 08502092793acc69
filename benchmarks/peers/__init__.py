"""Other packages on work like ours, written as their users would write it."""
