"""The paradox: both departments meet their targets, and the company loses."""
