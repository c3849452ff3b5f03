"""Bifolio: a self-hosted publisher of digital flipbooks."""
