"""Scorecards: what departments and people are measured by, what it pays, what they understood."""
