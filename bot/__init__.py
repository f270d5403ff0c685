"""The machine room: how a request becomes one transaction, and how a row becomes an effect. Knows no feature by name."""
