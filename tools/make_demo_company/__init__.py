"""Makes Company X, the demonstration: one file of the canonical import per table.

``python -m tools.make_demo_company`` rewrites them. The same seed gives the same files on every
machine: nothing is drawn but through :class:`tools.make_demo_company.chance.Chance`.

``visits`` and ``people`` bring visitors and leads; ``handing`` works each lead or leaves it;
``selling`` takes a deal to its end; ``orders`` is what customers buy and say; ``money`` is what
marketing spends and measures; ``inside`` is what happens between the departments. Each writes into
a ``Book``, which drops what would happen after the last day: so cases are open at the end, as they
are in life. ``company`` puts all together; ``trade`` and ``names`` are what they draw from.
"""
