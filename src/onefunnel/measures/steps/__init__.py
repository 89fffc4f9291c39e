"""Steps: who did several things in order, within a window from the first."""
