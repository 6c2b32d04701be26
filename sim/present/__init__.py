"""Figures, tables and files made from results; reads results, never the model."""
