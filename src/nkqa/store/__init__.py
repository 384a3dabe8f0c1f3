"""The only meeting point of the two halves: generations on disk, and the encoder that both use."""
