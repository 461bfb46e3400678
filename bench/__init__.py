"""The load harness: a fast fake upstream, a generator of tabs, and the relay we compare ourselves with.

It drives the product only through its front doors (HTTP, WebSocket) and reads its costs from outside
(`/proc`, the database's log), so that no figure depends on the product's own word.
"""
