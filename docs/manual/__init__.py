"""The manual of rules: pages and charts made from the rule files and their cases."""
