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
