"""The county's staff: accounts, signing in, what each role may do, and the log of what was done."""
