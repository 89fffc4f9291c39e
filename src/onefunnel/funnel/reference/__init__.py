"""The funnel in the plainest Python: slow, obvious, the authority in tests."""
