"""`sim policy`: policies compared over the same uncertain worlds."""
