"""What people are paid and why: one's own statement, and everybody's for who may see pay."""
