"""The consortium: members, challenges, ballots, a finding each quarter, events. Decides no tie, and knows no page."""
