"""Wall boards, and the page behind the QR of a slip: no account, no names."""
