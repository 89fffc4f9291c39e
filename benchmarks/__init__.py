"""Measured comparisons of onefunnel with peers: ``make bench``. See README.md in this folder.

What runs in the peers' environment (``worker``, ``watch``, ``data``, ``clickhouse``, ``frames``,
``picture``) imports nothing of onefunnel, and what drives (``__main__``) only the standard library.
"""
