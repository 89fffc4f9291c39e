"""Engines that read the ledger: DuckDB on one machine, Spark past one, PostgreSQL where it is.

Each gives the same :data:`onefunnel.ledger.schema.Facts` of Ibis expressions.
"""
