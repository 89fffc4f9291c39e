"""Who moved the number: the bridge from one month to the next, and who signed it off."""
