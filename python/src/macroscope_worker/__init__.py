"""Macroscope's acquisition worker: cameras, recording, and the server of the protobuf contract."""
