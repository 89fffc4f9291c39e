"""Company X, the demonstration: a year of records in the folder ``company-x``, data only."""
