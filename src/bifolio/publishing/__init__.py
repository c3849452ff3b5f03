"""Flipbooks, their editions and pages, quotas."""
