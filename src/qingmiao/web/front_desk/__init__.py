"""The front desk, and what all desks of a site share."""
