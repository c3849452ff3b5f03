"""The door for readers: player page, embeds, covers, downloads."""
