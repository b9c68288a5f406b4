"""Demo worlds: invented people and places to try Qingmiao on, built through the product's own actions only."""
