"""One command with many profiles and regions at once: which ones, the processes, what they say."""
