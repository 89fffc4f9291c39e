"""Files: what is there, what kind it is, and its records as raw text."""
