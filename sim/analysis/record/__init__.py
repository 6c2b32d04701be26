"""The public record: figures by others, how the model reads the same from its results, what can be compared."""
