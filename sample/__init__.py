"""The sample magazine: a generator of its pictures and its pages. Imports nothing of Bifolio."""
