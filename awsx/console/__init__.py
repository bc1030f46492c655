"""The web console: which page is meant, the link that signs in there, and the browser for it."""
