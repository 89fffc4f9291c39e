"""One's own name, language, password, second factor and tokens."""
