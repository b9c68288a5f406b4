"""Entry checks of nurseries and schools."""
