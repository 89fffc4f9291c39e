"""Months that are over: closed, with what they keep, or still open."""
