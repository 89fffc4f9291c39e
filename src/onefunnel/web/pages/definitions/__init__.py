"""What every measure, stage and setting means, with its version."""
