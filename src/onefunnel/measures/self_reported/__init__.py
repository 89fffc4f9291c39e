"""Self-reported attribution: what people say brought them, beside the source that was tracked."""
