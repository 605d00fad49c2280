"""The shared character encoder: read a model folder, batch texts, run it, keep one pass per Doc."""
