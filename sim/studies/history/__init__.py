"""`sim history`: an ensemble against observations and naive baselines."""
