"""The first screen: the day as a spine of time, what comes next at the thumb, and what waits for others."""
