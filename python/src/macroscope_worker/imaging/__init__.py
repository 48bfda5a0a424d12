"""Looking at sampled frames: histogram, regions and their time courses, snapshots, references."""

from __future__ import annotations
