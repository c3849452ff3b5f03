"""Ids, signing bytes, error base, time. Standard library only."""
