"""`sim sensitivity`: the parameters that move an outcome, and the share of chance."""
