"""Sending: what follows from the carrier's answers, what nobody else will finish, what only a person may send again."""
