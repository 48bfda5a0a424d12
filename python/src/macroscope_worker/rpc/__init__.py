"""The protocol of Macroscope: a core without input or output, and thin shells for asyncio.

Core: `frame`, `tail`, `connection`, `multiplexer`, `lanes`.
Shells: `server`, `client`, `memory_link`, `socket_link`, `stream_link`, `listener`.
"""
