"""The directory: every lead and customer, and what is on record of them, found in milliseconds."""
