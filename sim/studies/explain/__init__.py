"""`sim explain`: why something came about in one world, in words with the numbers behind them."""
