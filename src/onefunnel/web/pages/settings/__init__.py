"""The funnel rules with a preview of what a change does, and the firm."""
