"""The bridge: what moved the contribution from one period to the next, and who owns it."""
