"""PDF, JPEG and PNG to pages, text, links and outline. No Django.

Callers use ``run`` (count_pages, convert), ``events`` and ``sniff``. Everything under ``engine``
runs only in the child process and is imported by nobody.
"""
