"""The raw ASGI door for beacons: parse, verify, group-commit. Imports no Django.

May import only kernel, ``infra.configuration`` and libraries; the statistics of the domain use
``ledger`` so that downloads are counted by the same statements.
"""
