"""Reading results: quantiles, acts, headlines, outcomes by name, comparison with the public record."""
