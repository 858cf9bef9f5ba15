"""The present, on the GUI thread: experiment, run, cursor, undo, and the workers."""
