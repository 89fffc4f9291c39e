"""Leaks: where money leaves the funnel, dearest first."""
