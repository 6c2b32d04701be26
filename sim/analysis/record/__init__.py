"""The public record: observations, how results give the same series, and which observations a run can be scored by."""
