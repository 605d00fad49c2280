"""Learn weights and models from labelled data; nothing here is needed to run the pipeline."""
