"""Trains the reader that nkqa ships; needs torch, and is not part of the product."""
