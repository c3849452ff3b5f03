"""The part that touches documents. Runs only in a process of its own, which ``conversion.child`` starts.

Imports nothing of Bifolio but the modules that both sides share, so that it starts fast and
holds no secret.
"""
