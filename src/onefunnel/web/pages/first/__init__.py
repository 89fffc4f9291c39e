"""The first minutes: the link that lets the first person in, invitations, the first settings."""
