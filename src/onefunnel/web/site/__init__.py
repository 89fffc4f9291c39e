"""The web application of one workspace: its Django settings, addresses, middleware and server."""
