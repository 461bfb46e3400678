"""One leg of a workflow run, told as a workflow stream (wire-workflows 1.4) or to nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simulator.directives import Directives
from simulator.envelope import MESSAGES, to_json
from simulator.expiring import expire_run_later
from simulator.ids import new_id, now
from simulator.outlet import Outlet
from simulator.pace import Pace, numbered_tokens, pieces
from simulator.quirks import Spelling
from simulator.records import Run
from simulator.workflows.cards import form_schema
from simulator.workflows.forms import parameter_of
from simulator.workflows.script import Ask, Break, End, Form, Pause, Say, Step, Workflow

if TYPE_CHECKING:
    from simulator.simulator import Simulator

QUESTION, INPUT = 2, 5  # interrupt types (wire-workflows 1.6)


class RunStage:
    """What the steps of a leg are told on."""

    def __init__(self, simulator: Simulator, run: Run, outlet: Outlet, directives: Directives) -> None:
        self.simulator, self.run, self.outlet, self.directives = simulator, run, outlet, directives
        self.spelling = Spelling(directives.quirks, is_numbered=True, blank=" ")
        rate = simulator.rate if directives.rate is None else directives.rate
        self.pace = Pace(rate if outlet.is_open else 0)
        self._sent = 0

    def tell(self, event: str, data: dict[str, Any]) -> None:
        self.outlet.write(self.spelling.frame(event, to_json(data)))

    async def hold(self, point: str) -> None:
        if self.directives.hold and self.directives.hold_at == point:
            await self.simulator.holds.wait_here(self.directives.hold, self.run.id)
            self.pace.restart()

    async def speak(self, title: str, text: str, parts: list[str]) -> None:
        """A node's text as Messages; the last one says that the node is finished."""
        node_id = f"9{sum(title.encode()) % 100_000:05d}"
        uuid = new_id()
        self.run.nodes[title] = {"id": node_id, "uuid": uuid, "text": text, "at": now()}
        for number, part in enumerate(parts):
            await self.pace.wait()
            self.run.output_count += 1
            message = {
                "content": part,
                "content_type": "text",
                "node_is_finish": number == len(parts) - 1,
                "node_seq_id": str(number),
                "node_title": title,
                "node_id": node_id,
                "node_execute_uuid": uuid,
                **self.facts_of(title),
            }
            self.tell("Message", message)
            self._sent += 1
            await self._after_delta()

    async def ask(self, step: Ask) -> None:
        await self.speak(step.title, step.text, [step.text])
        self.interrupt(step.title, QUESTION, _ask_data(step))

    async def ask_for_fields(self, step: Form) -> None:
        parameters = {each.name: parameter_of(each) for each in step.fields}
        self.interrupt(step.title, INPUT, form_schema(step), parameters)

    def heard(self, reply: str) -> str:
        """What answers an interrupt, as the node reads it."""
        return reply

    def interrupt(self, title: str, kind: int, data: str, parameters: dict[str, Any] | None = None) -> None:
        """The leg is over: `event_id` is the execute id and a new half for each asking."""
        run = self.run
        run.interrupt = {"event_id": f"{run.id}/{new_id()}", "type": kind, "data": data}
        if parameters:
            run.interrupt["required_parameters"] = parameters
        self.tell("Interrupt", self.interrupt_event(run.interrupt, title))
        if self.directives.expires is not None:
            self.simulator.spawn(expire_run_later(self.simulator, run, self.directives.expires))

    def interrupt_event(self, interrupt: dict[str, Any], title: str) -> dict[str, Any]:
        return {"interrupt_data": interrupt, "node_title": title}

    def fail(self, code: int, msg: str) -> None:
        run = self.run
        run.status, run.error_code, run.error_msg = "Fail", str(code), msg
        self.tell("Error", {"error_code": code, "error_message": msg, "debug_url": self.debug_url()})

    def debug_url(self) -> str:
        return debug_url(self.run)

    def facts_of(self, title: str) -> dict[str, Any]:
        """What every Message of a node carries besides."""
        return {}

    async def _after_delta(self) -> None:
        await self.hold(f"delta:{self._sent}")
        if self._sent == 1:
            await self.hold("first")
        if self._sent == self.directives.stall_after:
            self.outlet.mute()


async def perform_leg(stage: RunStage, workflow: Workflow, reply: str | None) -> None:
    """Advance the script and tell its steps; the run ends, fails or waits with an interrupt."""
    run, world = stage.run, stage.simulator.world
    try:
        await stage.hold("created")
        code = stage.directives.error
        if code is not None:
            steps: list[Step] = [Break(code, MESSAGES.get(code, "error"))]
        else:
            steps, run.memory = workflow.advance(run.memory, None if reply is None else stage.heard(reply))
        for step in steps:
            await _tell(stage, step)
        run.updated_at = now()
        world.save(run)
    finally:
        stage.outlet.close()


async def _tell(stage: RunStage, step: Step) -> None:
    match step:
        case Say(title=title, text=text):
            tokens = stage.directives.tokens
            parts = list(pieces(text) if tokens is None else numbered_tokens(tokens))
            await stage.speak(title, "".join(parts), parts)
            await stage.hold("last")
        case Ask():
            await stage.ask(step)
        case Form():
            await stage.ask_for_fields(step)
        case Pause(title=title, type=kind, data=data):
            stage.interrupt(title, kind, data)
        case Break(code=code, msg=msg):
            stage.fail(code, msg)
        case End(output=output):
            text = to_json(output)
            await stage.speak("End", text, [text])
            stage.run.status = "Success"
            stage.tell("Done", {"debug_url": stage.debug_url()})


def _ask_data(step: Ask) -> str:
    """Empty for words, as in every printed sample; options in the form of a node's message (3.2 b)."""
    if not step.options:
        return ""
    content = {"options": [{"name": option} for option in step.options], "question": step.text}
    return to_json({"type": "question", "content_type": "option", "content": content})


def debug_url(run: Run) -> str:
    return f"https://www.coze.cn/work_flow?execute_id={run.id}&space_id=1&workflow_id={run.workflow_id}"
