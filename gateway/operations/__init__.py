"""Operations: whether the gateway can do its work, and what is kept for the day on which it can't.

That a restored database sends nothing twice is seen to where SMS go out: gateway/outbox/lineage.py stops the lanes,
gateway/sending/reconciling.py opens them again.
"""
