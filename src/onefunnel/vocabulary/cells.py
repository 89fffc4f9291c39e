"""Cells of files: a formula that a spreadsheet would run made harmless, a column by its names."""

STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def guarded(cell: object) -> object:
    """A text cell with an apostrophe before it where it could start a formula; others as they are.

    >>> guarded("=1+1"), guarded(-5), guarded("word")
    ("'=1+1", -5, 'word')
    """
    if isinstance(cell, str) and cell.startswith(STARTS_A_FORMULA):
        return f"'{cell}"
    return cell


def column_named(ours: str | None, files: str | None) -> str | None:
    """A column as its file calls it, and as the ledger does where that differs.

    >>> column_named("created_at", "Create Date")
    'Create Date (created_at)'
    >>> column_named("sku", "sku"), column_named("sku", None)
    ('sku', 'sku')
    """
    return f"{files} ({ours})" if files and files != ours else ours
