"""The city: districts, categories, places, organisations, streets, and when they are open."""
