"""Tickets: opened once, moved by one table, watched by two clocks, and whoever hears of them."""
