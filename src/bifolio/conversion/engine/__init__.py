"""The part that touches documents. Runs only as ``python -m bifolio.conversion.engine`` in a child.

Imports nothing of Bifolio but the modules that both sides share, so that it starts fast and
holds no secret.
"""
