"""The API: everything a page shows, for programs."""
