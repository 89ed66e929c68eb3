"""The queue: a job finds its rows, calls a rule, ends."""
