"""`awsx doctor`: what is wrong, where it is written, and the line that mends it."""
