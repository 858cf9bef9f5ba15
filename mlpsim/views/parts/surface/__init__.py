"""Around the loss surface: its tools, its plane and window, and the lens on it."""
