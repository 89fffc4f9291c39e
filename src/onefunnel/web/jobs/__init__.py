"""Long work: asked for by pages and calls, done by one worker, watched by whoever asked."""
