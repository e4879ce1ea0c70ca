"""What organisations are quoted, billed and have paid, by the fee table. Takes no payment."""
