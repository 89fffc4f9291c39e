"""What ignored leads cost and why, and which pay plan would bring more for the same money."""
