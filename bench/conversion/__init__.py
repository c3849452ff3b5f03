"""Measures what conversion costs, and how large and how good its images are, beside named peers."""
