"""nkqa: answers questions from a body of text and proves every word by an exact citation."""

__version__ = "0.1.0"
