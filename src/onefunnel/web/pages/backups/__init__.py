"""Backups of the workspace: made, taken away, restored."""
