"""The measure ``payouts``: what salespeople are paid, line by line, and why."""
