"""Who saw and did what."""
