"""Run the pipeline over many inputs: find them, read them, extract, write whole files."""
