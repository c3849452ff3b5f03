"""Background jobs: one facade, one lease-table engine."""
