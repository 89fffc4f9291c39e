"""Lost reasons: why losses that stand were lost, and whose reason it is."""
