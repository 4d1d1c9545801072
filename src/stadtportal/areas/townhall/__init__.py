"""Services of the offices: what they do for people, what it costs, what to bring, where to go."""
