"""Where customers come from and what they cost, with what both departments see of it."""
