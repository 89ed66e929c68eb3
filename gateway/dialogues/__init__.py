"""Dialogues: what citizens and officers dial and text, understood, answered and kept."""
