"""Pictures for a room: one idea each, its finding as title, text that is read from the last row."""
