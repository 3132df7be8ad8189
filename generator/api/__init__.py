"""The native API under /v1: tasks and what can be chosen for them, beside the lower apps' parts."""
