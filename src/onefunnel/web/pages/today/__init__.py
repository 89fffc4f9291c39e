"""The day at a glance: the sentence, contribution, alarms, what waits."""
