"""Pictures made by arithmetic: every one is a function of its size, and comes out the same each time."""
