"""Five documents to measure conversion with, generated: nothing here is anybody's photograph."""
