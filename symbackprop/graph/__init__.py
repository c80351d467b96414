"""The network as quantities: what a spec becomes before anything is derived."""
