"""`sim history`: an ensemble against observed figures and naive baselines."""
