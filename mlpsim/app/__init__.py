"""The application: command line, window, exports, preferences, start-up checks."""
