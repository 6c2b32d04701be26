"""`sim information`: the value of information, which unknown to learn first."""
