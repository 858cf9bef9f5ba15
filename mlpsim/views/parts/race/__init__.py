"""Parts of the race: who runs, the lanes' table and their pictures."""
