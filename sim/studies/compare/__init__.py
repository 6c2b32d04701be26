"""`sim compare`: scenarios world by world."""
