"""Lessons: the shipped pages for teachers and pupils, as HTML that prints on A4."""
