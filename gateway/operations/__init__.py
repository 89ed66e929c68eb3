"""Operations: whether the gateway can do its work, and what is kept for the day on which it can't."""
