"""The schematic map: how it is drawn on every page that has one, and how an office draws it."""
