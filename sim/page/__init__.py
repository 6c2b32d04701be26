"""The model as one HTML file: what the page shows, its assets, and how they become one file."""
