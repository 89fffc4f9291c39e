"""Who gets the credit, and how far that can be known."""
