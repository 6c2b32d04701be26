"""Figures, tables and text made from results; reads results, never the model."""
