"""From a file of unknown origin to rows of plain values, through a child process that is allowed very little."""
