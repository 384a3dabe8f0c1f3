"""Readers of files that are no plain text: each turns bytes into text in a simple Markdown form, and what it is."""
