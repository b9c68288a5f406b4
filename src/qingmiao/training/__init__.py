"""What staff learned: sessions, tests made from the rule files, certificates."""
