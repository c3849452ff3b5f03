"""What `bifolio backup` writes and `bifolio restore` reads: one tar archive of a whole installation.

Its members, in this order: ``backup.json`` (see ``contents``), the database (``bifolio.sqlite3`` or
``database.pgdump``), ``secret-key`` unless the settings name it, and ``files/…`` for every blob.
"""
