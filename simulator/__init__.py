"""A server that plays Coze on loopback: for the demo, the tests and CI. It imports nothing of the product.

Start it with `python -m simulator --port N [--host 127.0.0.1] [--token pat_demo] [--state FILE] [--rate R]`.
Answers derive from state; what follows is for tests.

Directives
----------
Any question may carry `key=value` words (a tool output may too, for the leg that it starts):

    tokens=400            answer with 400 numbered deltas ("w0 ", "w1 ", some CJK and emoji), not with the
                          bot's own text
    rate=20               deltas a second; rate=0: as fast as possible
    think=30              30 deltas of reasoning_content before the answer
    answers=2             say the answer so many times, as messages of their own
    follow_ups=0          how many suggested questions (0 to 3)
    first_delay=1.5       seconds between in_progress and the first delta
    drop_after=BYTES      cut the connection after so many bytes of the body; the chat runs on
    stall_after=N         after N deltas nothing more is sent, the connection stays open; the chat runs on
    hang_after=N          after N deltas the chat itself stops, until `POST /_control/holds/hang/release`;
                          a cancel frees its conversation
    hold=NAME hold_at=P   the chat waits at P until the control endpoint releases NAME; P is one of
                              accepted    chat id given and question saved, nothing answered yet
                              created     conversation.chat.created is sent
                              first       the first delta is sent
                              delta:N     N deltas are sent
                              last        the last delta is sent, message.completed is not
                              ending      all messages are sent, the final chat event is not; still running
                              completed   the final chat event is sent, `done` is not
    error=CODE            chat.failed with this last_error, after half of the answer
    error_event=CODE      `event:error` with this code in place of the rest, the chat fails
    refuse=CODE           a JSON error in place of the stream; nothing is started
    garbage=1             bytes that are no events in the middle of the stream, then the end; the chat runs on
    busy_for=SECONDS      (Trouble's "busy") how long the other client holds the conversation
    quirk=A,B             spell the stream oddly, see `simulator/quirks.py` for the names

Trouble also obeys the bare words fail, drop, stall, busy, quota and garbage.

Control endpoint (loopback only, no token): see `simulator/control.py`.
"""
