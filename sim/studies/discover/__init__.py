"""`sim discover`: under which conditions does something come about?"""
