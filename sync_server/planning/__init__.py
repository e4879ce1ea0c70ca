"""From quotas to assignments: branches drawn, days and people chosen, what cannot be met named. Writes nothing."""
