"""Conversion from any observed stage to the next one, and to purchase."""
