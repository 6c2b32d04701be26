"""Studies: each a folder of its own, from what a user types to tables, sentences and figures."""
