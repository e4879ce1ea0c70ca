"""CSQS site visits: handed out, rated a second time, decided by two people, certified, registered. Knows no page."""
