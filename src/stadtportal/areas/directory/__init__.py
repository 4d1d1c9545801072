"""Places and organisations of the city, each with a page of its own."""
