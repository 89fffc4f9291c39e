"""The terms that people work under: pay plans, ranges and scorecards, in words and as files."""
