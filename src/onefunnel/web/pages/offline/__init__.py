"""What advertising platforms are told of their clicks, and the files for it."""
