"""The compiler of the month: the model's own steps traced with symbols and made into machine code."""
