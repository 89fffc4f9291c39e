"""Comments on figures, leads and campaigns, and the people they mention."""
