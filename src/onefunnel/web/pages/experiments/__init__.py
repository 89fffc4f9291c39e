"""Lift experiments: what each showed, a form to record one, how large one must be."""
