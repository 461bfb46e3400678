"""A server that plays Coze on loopback: for the demo, the tests and CI. It imports nothing of the product.

Start it with `python -m simulator --port N [--host 127.0.0.1] [--token pat_demo] [--state FILE] [--rate R]
[--dialect coze]`; the dialects are in `simulator/dialects.py`.
Answers derive from state; what follows is for tests.

Directives
----------
Any question may carry `key=value` words (a tool output may too, for the leg that it starts):

    tokens=400            answer with 400 numbered deltas ("w0 ", "w1 ", some CJK and emoji), not with the
                          bot's own text
    rate=20               deltas a second; rate=0: as fast as possible
    think=30              30 deltas of reasoning_content before the answer
    answers=2             say the answer so many times, as messages of their own
    as=card               (Echo) answers with the JSON of the question, from its first bracket on, as a card;
                          or as=object_string; or, in Assistants, as=image: with a picture beside the words
    follow_ups=0          how many suggested questions (0 to 3)
    first_delay=1.5       seconds between in_progress and the first delta
    drop_after=BYTES      cut the connection after so many bytes of the body; the chat runs on
    stall_after=N         after N deltas nothing more is sent, the connection stays open; the chat runs on
    hang_after=N          after N deltas the chat itself stops, until `POST /_control/holds/hang/release`;
                          a cancel frees its conversation
    cut_after=N           (Assistants) after N deltas the run is incomplete: max_completion_tokens
    hold=NAME hold_at=P   the chat waits at P until the control endpoint releases NAME; P is one of
                              accepted    chat id given and question saved, nothing answered yet
                              created     conversation.chat.created is sent
                              first       the first delta is sent
                              delta:N     N deltas are sent
                              last        the last delta is sent, message.completed is not
                              ending      all messages are sent, the final chat event is not; still running
                              completed   the final chat event is sent, `done` is not
                              submitted   an answer to what waits is accepted, not a byte is answered yet
                              before_submit   it arrived, and nothing is accepted yet (nor ever will be,
                                          if the caller goes away there)
                              cancelling  (Assistants) a cancel is accepted, the run is not cancelled yet
                          the last three also hold when the first question, or a start parameter, said so
    error=CODE            chat.failed with this last_error, after half of the answer
    error_event=CODE      `event:error` with this code in place of the rest, the chat fails
    refuse=CODE           a JSON error in place of the stream; nothing is started
    refuse_submit=CODE[:TIMES]   the next TIMES (1) answers to what waits get a JSON error before any stream,
                          and it waits on: tool outputs, a resume, the next message of a question
    expires=SECONDS       what waits for a person is over after so long: chat.failed as `retrieve` says it,
                          `expires_as=expired` for Studio's word; a run is Fail. A restart forgets the time;
                          `POST /_control/chats/ID/expire` and `/_control/runs/ID/expire` do it at once
    garbage=1             bytes that are no events in the middle of the stream, then the end; the chat runs on
    busy_for=SECONDS      (Trouble's "busy") how long the other client holds the conversation
    quirk=A,B             spell the stream oddly, see `simulator/quirks.py` for the names

A question with files (an object_string) is read as its text and a line for each file,
`[image: sky.png, 72 bytes]`: so Echo names the files it got.

What waits for a person
-----------------------
Weather calls get_rain_probability for the place in the question; "compare A and B": two calls in one
interrupt; "A then B": two rounds; "photo of …": the tool read_photo. `call=` names the calls instead, joined
by "," within a round and by "/" between rounds (`call=book,file/rain`):

    rain        get_rain_probability {"location"}
    file        read_photo {"purpose"}; the output is JSON with the id of an uploaded file (or an https
                address) under any name; the answer holds an address made of it, or "The file … is not known."
    position    type require_info, `require_info: {"name": "Maps", "require_fields": ["coordinates"]}`;
                the output is {"coordinates": {"longitude": "2.35", "latitude": "48.85"}}
    infos       the same of a function call, get_local_rain, with `require_info: {"infos": ["coordinates"]}`
    book        book_umbrella {"places": […], "nested": {…}, "count", "note": null}: something to approve
    broken      report_cloud, whose arguments string is no JSON
    mixed       get_rain_probability and a reply_message call; the words come as an output under "" or, after
                the output of the other, as the next message

A submit answers every call of the round once, in any order, or it gets 4000 and the chat waits on; 5000 when
the chat was not saved. While it waits it holds its conversation (4016) and cannot be cancelled (4104).

City weather asks for city and date, three times. A start parameter or the first reply may say `ask=`, joined
by "," to be asked one after the other; in the end it says what it was told:

    form        type 5 with required_parameters of every type; a value that is missing or wrong asks again
    photo       type 5 with one image: {"photo": "{\"file_id\":\"…\"}"}
    plugin      type 1; `plugin6` type 6: any output
    signin      type 7 with an https address of auth.example.com: any text, also ""
    options     type 2 with options in `data`: any text

The bot Travel (7430000000000000104) hosts the chatflow Travel planner (7430000000000000302), which also runs
in the app 7430000000000000021: `/v1/workflows/chat` with `bot_id` or `app_id`. Its first message may say
`call=` (one round): the flow then calls these tools first.

Exactly once is counted by the control endpoint: `submits`, `accepted` and `refused` of each chat and run.

Trouble also obeys the bare words fail, drop, stall, busy, quota and garbage.

Assistants
----------
`--dialect assistants` (wire-workflows 5) has the bots Echo, Showcase, Weather, Reasoner and Trouble as
`asst_` and their id. A run is a chat for the directives and the control endpoint: its question is the newest
message of the person, its id and status are those of the wire, but for "canceled". What has no word there
is left out (thoughts, follow-ups, cards, shortcuts, positions); `call=position` and `call=mixed` become infos
and rain. `created` is thread.run.created, `completed` the run's last event. Differences:

    error=CODE            the run fails; 4000 is invalid_prompt, 4009, 4013, 4020, 4028 and 429 are
                          rate_limit_exceeded, all others server_error; `error_event` likewise as `error`
    refuse=CODE, refuse_submit   an HTTP status: the code itself from 400 to 599, else what fits the code
    expires=SECONDS       what waits is `expired` then; without it ten minutes after the run began, and a
                          restart does not forget the time
    a cancel              ends the stream: cancelling, what was begun as incomplete, cancelled

A thread takes no message and no run while one is active (400). Without a header `OpenAI-Beta: assistants=v2`
answers have the shape of v1, and `stream` and `additional_messages` are passed over; so they always are in
`--dialect assistants-v1`.

Control endpoint (loopback only, no token): see `simulator/control.py`.
"""
