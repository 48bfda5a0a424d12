"""The worker process: its arguments, its life-line, the record it leaves of itself, and what it runs."""
