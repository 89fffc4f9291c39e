"""The measure ``acquisition``: what was spent, who came of it, and what they brought."""
