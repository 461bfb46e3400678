"""Coze Studio, self-hosted, as its sources have it (wire-chat 10, wire-workflows 2.2 and 6).

Many calls are missing, and a path that is not there looks like a lost login. What else differs:

- one personal access token, no OAuth; ids in requests are strings of digits; its own codes and HTTP statuses
- it runs a bot's tools itself: Weather waits for nobody, and only the first of parallel calls is shown
- a question of a bot (Travel) ends as `verbose interrupt`, `generate_answer_finish` 0, `chat.completed`;
  options and forms are cards, always; the next message answers. A form is answered in lines `name:value`:
  what is missing or of the wrong type is empty and the flow goes on; a line without a colon breaks it
- `error=` is an `error` event, and then the chat is completed all the same; `error_event=` a chat that cannot
  start: the event is the last word
- `reasoning_content` and `meta_data` are in every event; a bot in chatflow mode (Travel) sends its last
  answer again
- any number of chats may run in a conversation: "busy" and `occupy` do nothing
- workflows: `error=` is a plain-text `error` event; a question comes as raw JSON before its interrupt; a
  run that waits is answered by stream_resume only
"""
