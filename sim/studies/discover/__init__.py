"""`sim discover`: the conditions under which an outcome comes about."""
