"""The desk: what staff see of the tickets, search, count and take away."""
