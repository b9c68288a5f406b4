"""Import of ledgers (台账): reading tables people made, understanding each row, and who is who. No Django."""
