"""Incentives: what the quarrel about hours costs, what explains it, and which plan ends it."""
