"""`sim calibrate`: which parameters agree with public figures?"""
