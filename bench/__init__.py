"""Measurements of the gateway under the load of years: each compares itself with a small one of the same run."""
