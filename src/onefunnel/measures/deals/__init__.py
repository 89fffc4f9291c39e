"""Deals: how they stand, and the four rates of winning that are quoted for them."""
