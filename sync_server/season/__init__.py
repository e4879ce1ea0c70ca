"""What is in force: forms, rules, set-up. The only reader of "the rules in force"."""
