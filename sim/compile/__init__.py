"""The compiler of the month: the model's steps are traced with symbols, and the trace becomes machine code."""
