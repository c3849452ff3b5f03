"""The layers that an engine locks itself up with, one module each; ``lockdown`` puts them on.

Each layer is a function that says in a few words what it did, and raises OSError or Unavailable
where the system does not have it. Standard library only; must import nothing that meets a document.
"""


class Unavailable(Exception):
    """This system lacks what a layer is made of; the text says what."""
