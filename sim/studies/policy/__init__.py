"""`sim policy`: policies side by side over the same uncertain worlds."""
