"""Imports: files, the county pack before all, read with every fault named and written so that twice is once."""
