"""The door for integrators: the Flipsnack v1 wire."""
