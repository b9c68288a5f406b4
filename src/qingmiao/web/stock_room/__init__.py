"""The stock room: what is on hand, deliveries, counts at close, months, recalls, fridges, fees."""
