"""Who may sign in, in which role; links that let people in."""
