"""The remote engine: pictures from providers, over HTTP or WebSocket. See docs/engines.md."""
