"""`sim calibrate`: the parameters that agree with observations."""
