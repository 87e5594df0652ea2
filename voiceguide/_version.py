"""The version, for what needs nothing else of the package."""

__version__ = "0.1.0"
