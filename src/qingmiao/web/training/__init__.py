"""Training: who is out of date, what was taught, tests from the rules, certificates."""
