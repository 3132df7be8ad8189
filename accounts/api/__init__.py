"""The API for programs: who may call it, what bodies and errors look like, and the balance."""
