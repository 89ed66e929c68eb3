"""The rules: what the county decided, its carriers and its unit of work.

Knows menus and models; knows nothing of the web or of the queue's workers. Every function that writes takes `db`, an
open transaction, first; doors (handlers, workers) open and commit it.
"""
