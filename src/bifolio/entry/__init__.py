"""Settings, addresses, the ASGI application and the process tree. Imports all, imported by none."""
