"""Makes Company X, the demonstration: one file of the canonical import per table.

``python -m tools.make_demo_company`` rewrites them. The same seed gives the same files on every
machine: nothing is drawn but through :class:`tools.make_demo_company.chance.Chance`.

``market`` brings visitors and leads, ``selling`` works (or leaves) each lead, ``orders`` is what
customers buy and say, ``inside`` is what happens between the departments. Each writes into a
``Book``, which drops what would happen after the last day: so cases are open at the end as they
are in life.
"""
