"""The ledger: what happened, append-only and typed.

``schema`` says what the tables are, ``store`` writes and versions them, ``engines`` read them.
"""
