"""The ids of everything that can be pressed or sent in triage."""

OPEN = "triage:open"
TURN = "triage:turn"
TEAMS = "triage:teams"
REPORT = "triage:report"
TAKE = "triage:take"
GIVE_BACK = "triage:give_back"
ASK = "triage:ask"
SEND_QUESTION = "triage:send_question"
POST_HERE = "triage:post_here"
MOVE = "triage:move"
SAVE_MOVE = "triage:save_move"
TEAM = "triage:team"
LINK = "feedback:link"  # the feedback slice
SHOW = "feedback:open"
DECLINE = "loop:decline"  # the loop

NO_TEAM = 0  # as a queue: what is no team's, which product operations sort
