"""`sim history`: an ensemble against observations, naive baselines, a reduced model and base rates of acts."""
