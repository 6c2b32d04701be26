"""`sim select`: which rival theory the public record speaks for, and whether it could tell them apart."""
