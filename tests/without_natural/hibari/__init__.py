"""Not the natural voice: tests find this package instead, and so take that voice as not installed."""
