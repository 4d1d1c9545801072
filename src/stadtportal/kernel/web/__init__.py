"""The pages every area shares: frame, components, error pages, security headers, rate limits."""
