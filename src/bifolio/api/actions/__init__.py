"""One module an action of the wire; bifolio.api.registry names them all."""
