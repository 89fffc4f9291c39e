"""The funnel over dense arrays: what SQL does row by row, done in a few compiled passes.

Entity codes are dense, so an entity's entry into a stage is a place in an array. The touches of all
entities, in order, are passed over once (:mod:`.history`); what comes of it is kept and, when more
touches arrive, mended for the entities concerned. Counts, durations and ages are then passes over
entities (:mod:`.counting`, :mod:`.durations`). The answers are those of the queries of
:mod:`onefunnel.funnel.query`, table by table: a test holds the two ways to each other.
"""
