"""Values: text becomes instants, days, numbers, flags and choices, or is refused with a code."""
