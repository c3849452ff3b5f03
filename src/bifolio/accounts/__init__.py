"""Workspaces, API keys and what each actor may do."""
