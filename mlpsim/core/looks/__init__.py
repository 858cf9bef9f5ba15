"""What a picture is drawn from: maps over inputs and over planes, a relief, its camera."""
