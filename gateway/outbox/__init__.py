"""The outbox: every SMS promised, claimed, paid for and settled, and what the carrier reports of it."""
