"""Campaigns: bulk SMS to the right people, written, counted, approved by a second person, and followed to the end."""
