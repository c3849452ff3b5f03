"""What readers' browsers ask for: one module a kind of answer."""
