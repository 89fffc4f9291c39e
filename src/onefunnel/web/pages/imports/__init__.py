"""Files come in: recognised, mapped, tried, imported; the quarantine."""
