"""The command line: one module a sub-command. Starts parts of entry by module name only."""
