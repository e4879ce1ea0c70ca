"""Files in and out. Each format is one module; none decides anything."""
