"""What is due, in the plainest Python: for every month, from all sales anew.

Nothing is carried from month to month and nothing is kept: the sales that count are looked for
each time. Slow and obvious, the authority in tests.
"""
