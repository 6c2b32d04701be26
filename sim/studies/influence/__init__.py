"""`sim influence`: who and what matters, each country removed or silent, each lever moved over its range."""
