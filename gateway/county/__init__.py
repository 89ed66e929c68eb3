"""The county: its facts, clocks and days, projects and budget; and by which words its places and matters are known."""
