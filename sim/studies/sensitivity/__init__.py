"""`sim sensitivity`: which parameters move an outcome, and how much is chance?"""
