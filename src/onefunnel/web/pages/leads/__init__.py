"""Leads and customers, each with the journey across all records."""
