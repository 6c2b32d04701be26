"""One pattern test with a negative control for each claim C1-C22 of the seed article."""
