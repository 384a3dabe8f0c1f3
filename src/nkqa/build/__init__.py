"""The offline half: from source files to a generation of the index."""
