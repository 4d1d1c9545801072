"""Reading OpenStreetMap files: pure machinery that knows neither the database nor Django."""
