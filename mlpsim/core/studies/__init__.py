"""Many runs of one experiment: fleets, fans of seeds, basins, sweeps."""
