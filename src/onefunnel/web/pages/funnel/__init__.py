"""The joint funnel in money, its filters, the rows behind each figure."""
