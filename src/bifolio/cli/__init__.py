"""The door for operators: the command line, one module a sub-command."""
