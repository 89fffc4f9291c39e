"""How paths go on from touch to touch: the chain of order 1 that Markov models look at."""
