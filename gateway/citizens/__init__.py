"""Citizens: what is remembered of a phone, what it follows, and whether it may be written to."""
