"""Read pages of Chinese newspapers and write knowledge records."""

__version__ = "0.1.0"
