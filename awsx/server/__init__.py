"""The credential server on loopback: SDKs ask it as they ask a container's, and it renews."""
