"""An OpenAI-Assistants-style service (wire-workflows 5): threads, messages, runs, steps, files.

`--dialect assistants` answers in the shape that the header `OpenAI-Beta: assistants=v1|v2` asks for; without
the header as v1, like the relay of seed 004. `--dialect assistants-v1` is that relay: whatever is asked for,
it knows v1 only, which means no streams, no `additional_messages`, no `run_id` filter, no usage.
"""
