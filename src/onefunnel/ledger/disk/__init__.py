"""The ledger on disk: the head, its Delta tables, scratch space, and what is swept from it."""
