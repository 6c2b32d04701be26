"""`sim sweep`: one or two parameters varied over the same worlds."""
