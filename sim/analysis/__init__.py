"""What the results mean: quantiles, acts, headlines, comparison with the public record."""
