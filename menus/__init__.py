"""The words: what a citizen reads and types. Pure Python, no I/O, standard library only."""
