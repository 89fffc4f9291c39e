"""The measures: each asks the engine for small tables and puts its answer together locally."""
