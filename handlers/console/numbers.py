"""Numbers in addresses and forms that pages of the console made themselves."""


def written(typed: str, digits: int = 9) -> int | None:
    """Gives the number that so many ASCII digits at most write; None for anything else, which no page of ours sent."""
    is_number = typed.isascii() and typed.isdigit() and len(typed) <= digits
    return int(typed) if is_number else None
