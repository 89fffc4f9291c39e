"""The application database: what people decide and who they are. A Django app.

The ledger holds what happened; everything here could be written by hand. SQLite in the workspace
by default, PostgreSQL where the secrets name one.
"""
