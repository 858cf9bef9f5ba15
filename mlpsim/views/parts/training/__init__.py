"""Forms: the parts of the training panel, each for one choice of the experiment."""
