"""Cells of exported files: a text that a spreadsheet would run as a formula is made harmless."""

STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def guarded(cell: object) -> object:
    """A text cell with an apostrophe before it where it could start a formula; others as they are.

    >>> guarded("=1+1"), guarded(-5), guarded("word")
    ("'=1+1", -5, 'word')
    """
    if isinstance(cell, str) and cell.startswith(STARTS_A_FORMULA):
        return f"'{cell}"
    return cell


def unguarded(cell: str | None) -> str | None:
    """A cell without the apostrophe that :func:`guarded` put before it.

    >>> unguarded("'=1+1"), unguarded("'tis")
    ('=1+1', "'tis")
    """
    if cell and cell[0] == "'" and cell[1:].startswith(STARTS_A_FORMULA):
        return cell[1:]
    return cell
