"""What is seen: panels that show the session and ask it for changes."""
