"""What a catalogue of services says, and what people read of it; free of Django."""
