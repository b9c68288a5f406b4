"""What the README's figures come from: each measurement beside a floor of the same run, on the same machine."""
