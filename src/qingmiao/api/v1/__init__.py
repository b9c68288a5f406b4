"""Version 1: fields may be added, never renamed or removed. docs/reference/sync-api.md describes the wire format."""
