"""Pay plans and what they pay: commission from credited sales, to the cent, and why.

``reading`` takes a plan file, ``engine`` works out its payout lines, ``pieces`` and ``cliffs`` give
the curve of a component, ``describe`` says a plan as codes. ``reference`` is the plain way.
"""
