"""An experiment changed: its data, its network, its scaling, its split."""
