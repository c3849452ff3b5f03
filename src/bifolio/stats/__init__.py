"""Visits, rollups and the questions asked of them."""
