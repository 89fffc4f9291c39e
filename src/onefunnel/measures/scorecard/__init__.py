"""Scorecards: what a person or a team is measured by, what it pays, and what could go wrong."""
