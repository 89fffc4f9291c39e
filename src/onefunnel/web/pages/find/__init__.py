"""The palette: pages, leads, customers, campaigns by a few letters."""
