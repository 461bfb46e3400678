/**
 * The words of the browser side as types. Objects and frames are those of docs/protocol.md; this file only
 * describes, it is never loaded by a browser.
 */

declare namespace Chat {
  type TurnState =
    | "queued" | "running" | "waiting" | "resuming" | "recovering"
    | "completed" | "failed" | "canceled" | "lost";

  interface Message {
    id: string;
    ordinal: number;
    type: string;
    content_type: string;
    title: string;
    text: string;
    reasoning: string;
    reasoning_ms: number | null;
    state: "streaming" | "completed" | "cut";
    /** What the reader said of it. */
    feedback: Feedback | null;
  }

  type Rating = "good" | "bad";

  interface Feedback {
    rating: Rating;
    reasons: Reason[];
    comment: string;
  }

  /** A label that can be put on an answer. */
  interface Reason {
    id: string;
    titles: { en: string; zh: string };
    offered_for: Rating | "both";
  }

  interface Field {
    type: string;
    required: boolean;
    description: string;
    /** As the upstream sent it; null for none. */
    default: unknown;
    /** Elements of an array or properties of an object, as received. */
    schema: unknown;
  }

  interface Question {
    text: string;
    options: string[];
    fields: Record<string, Field>;
    /** Where to sign in, or empty. */
    link: string;
  }

  /** What the admins say of a tool. */
  interface Tool {
    titles: { en: string; zh: string };
    icon: string;
    mode: "form" | "approve" | "auto" | "refuse" | "webhook";
    schema: Record<string, any> | null;
    may_allow: boolean;
  }

  type ActionState = "pending" | "ready" | "submitting" | "answered" | "declined" | "expired" | "canceled" | "superseded";

  /** A tool call or a question that waits for a person, or did. */
  interface Action {
    id: string;
    kind: "tool_call" | "question";
    round: number;
    ordinal: number;
    /** Stands behind the messages up to this ordinal. */
    after: number;
    state: ActionState;
    decision: "" | "answered" | "declined" | "auto";
    name: string;
    arguments: string;
    needs: string[];
    tool: Tool | null;
    question: Question | null;
    attempt: { number: number; of: number | null; before: string } | null;
    draft: Record<string, any> | null;
    draft_version: number;
    output: string;
    reason: string;
    refusal: TurnError | null;
    asked_at: string;
    expires_at: string | null;
    answered_at: string | null;
    answered_by: string;
    device: string;
  }

  /** A card that waits for the user, with where it stands: what `/tasks/` lists. */
  interface Task {
    conversation: Conversation;
    turn: string;
    question: string;
    action: Action;
  }

  /** A file that was uploaded for a card or a question. */
  interface Attachment {
    id: string;
    name: string;
    mime: string;
    kind: FileKind;
    size_bytes: number;
    /** From then on the upstream no longer has it. */
    expires_at: string;
    /** Path of the site's own copy, or empty. */
    copy: string;
    /** Path of the same to be shown inline, or empty. */
    picture: string;
  }

  /** What stands in a composer and was not sent. */
  interface QuestionDraft {
    text: string;
    files: Attachment[];
    version: number;
  }

  type FileKind = "image" | "document" | "audio" | "video" | "other";

  /** A passage that the bot read before it answered. */
  interface Source {
    title: string;
    text: string;
    /** Where it is from, or empty. */
    url: string;
  }

  interface TurnError {
    reason: string;
    code: string;
    message: string;
    log_id: string;
  }

  interface Turn {
    id: string;
    conversation: string;
    client_id: string;
    ordinal: number;
    section: number;
    version: number;
    state: TurnState;
    epoch: number;
    seq: number;
    is_held: boolean;
    is_withdrawn: boolean;
    is_busy: boolean;
    busy_since: string | null;
    asked_at: string;
    started_at: string | null;
    ended_at: string | null;
    question: string;
    messages: Message[];
    follow_ups: string[];
    sources: Source[];
    actions: Action[];
    error: TurnError | null;
    stop: "" | "forgotten" | "remembered" | "was_done" | "local" | "dropped";
    files: Attachment[];
    parameters: Record<string, any>;
    /** The older version of the same question. */
    replaces: string | null;
    /** The upstream could not delete the older version: the bot sees both. */
    sees_replaced: boolean;
    /** A branch took it along to be read. */
    copied: "" | "remembered" | "forgotten";
    branches: Branch[];
    debug_url: string;
  }

  /** A row of the sidebar. */
  interface Conversation {
    id: string;
    name: string;
    bot: string;
    bot_name: string;
    version: number;
    section: number;
    mark: "" | "streaming" | "waiting" | "failed" | "unread";
    /** How many cards wait for a person. */
    waiting: number;
    is_pinned: boolean;
    is_archived: boolean;
    can_ask: boolean;
    last_asked_at: string;
    is_clearing: boolean;
    branch_of: Branch | null;
  }

  /** The other end of a branch. */
  interface Branch {
    conversation: string;
    name: string;
  }

  interface Bot {
    id: string;
    name: string;
    description: string;
    prologue: string;
    suggested_questions: string[];
    kind: "bot" | "chatflow" | "workflow" | "assistant";
    /** JSON Schema of what a workflow is started with. */
    parameters: Record<string, any> | null;
    kept_parameters: Record<string, any>;
    /** Path of its picture, or empty. */
    icon: string;
    background: Background | null;
    mobile_background: Background | null;
    default_input_mode: "text" | "voice" | "call";
    /** Kinds of files it takes with a question; empty: none. */
    file_kinds: FileKind[];
    /** Their extensions. */
    file_types: string[];
    most_files: number;
    /** So many messages a branch begins with upstream; 0: it begins empty. */
    branch_memory: number;
    shortcuts: Shortcut[];
    /** What people are asked before a conversation begins. */
    asked: { parameters: Record<string, any> | null; variables: Record<string, any> | null; kept: Record<string, any> } | null;
  }

  /** A shortcut command of a bot: a question with slots, chosen instead of written. */
  interface Shortcut {
    id: string;
    name: string;
    /** What is typed behind "/", or empty. */
    command: string;
    description: string;
    /** Path of its picture, or empty. */
    icon: string;
    template: string;
    /** JSON Schema of the values to ask for. */
    schema: Record<string, any> | null;
    hidden: Record<string, string>;
  }

  interface Background {
    picture: string;
    /** A CSS colour, or empty. */
    theme_color: string;
  }

  interface Sentence {
    sentence: string;
    advice: string;
    button: string;
  }

  interface User {
    name: string;
    sends_with_enter: boolean;
    time_zone: string;
    is_operator: boolean;
    /** What the person changed of the keyboard (lib/shortcuts.js). */
    shortcuts: { is_off?: boolean; single_off?: boolean; keys?: Record<string, string> };
  }

  /** What the server prints into <script id="page-state">. */
  interface PageState {
    user: User;
    bots: Bot[];
    conversation: Conversation | null;
    turns: Turn[];
    has_older: boolean;
    draft: QuestionDraft;
    conversations: Conversation[];
    next: string | null;
    list_version: string;
    sentences: Record<string, Sentence>;
    silence_seconds: number;
    undo_seconds: number;
    max_question_chars: number;
    max_file_bytes: number;
    max_comment_chars: number;
    feedback_reasons: Reason[];
  }

  type Op =
    | { op: "open"; message: Message }
    | { op: "append"; id: string; from: number; text: string }
    | { op: "think"; id: string; from: number; text: string }
    | { op: "done"; id: string; reasoning_ms: number | null; text?: string; reasoning?: string; content_type?: string; title?: string }
    | { op: "follow_ups"; texts: string[] }
    | { op: "sources"; sources: Source[] };

  interface Delta {
    type: "delta";
    turn: string;
    epoch: number;
    seq: number;
    ops: Op[];
    at?: number;
  }

  /** Frames from the server. `at` (ms) is stamped by the tab when a frame comes in. */
  type Frame =
    | { type: "welcome"; list_version: string; at?: number }
    | { type: "caught_up"; conversation: Conversation; turns: Turn[]; is_reset: boolean; has_older?: boolean; at?: number }
    | { type: "turn"; turn: Turn; at?: number }
    | Delta
    | { type: "conversation"; conversation: Conversation; list_version: string; at?: number }
    | { type: "conversation_gone"; conversation: string; list_version: string; at?: number }
    | { type: "notice"; conversation: string; turn: string; kind: "ready" | "failed" | "waiting" | "stopped"; at?: number }
    | { type: "draft"; conversation: string; turn: string; action: string; draft: Record<string, any>; draft_version: number; tab: string; at?: number }
    | { type: "question_draft"; conversation: string | null; draft: QuestionDraft; tab: string; at?: number }
    | { type: "ping"; list_version: string; at?: number }
    | { type: "refused"; conversation: string; reason: string; at?: number }
    | { type: "error"; reason: string; at?: number }
    | { type: "signed_out"; at?: number };

  /** Changes that begin in this tab. */
  type LocalChange =
    | { type: "sent"; clientId: string; conversation: string | null; bot: string | null; text: string; files: Attachment[]; parameters?: Record<string, unknown>; at: number }
    | { type: "send_retried"; clientId: string }
    | { type: "send_failed"; clientId: string; failure: Failure }
    | { type: "send_dropped"; clientId: string }
    | { type: "begun"; clientId: string; conversation: Conversation; turn: Turn; at: number }
    | { type: "turn_loaded"; turn: Turn; at?: number }
    | { type: "row_loaded"; conversation: Conversation }
    | { type: "older_loaded"; conversation: string; turns: Turn[]; has_older: boolean }
    | { type: "conversation_opened"; conversation: Conversation | null; turns: Turn[]; has_older: boolean; draft?: QuestionDraft; at?: number }
    | { type: "list_asked" }
    | { type: "shortcuts_changed"; shortcuts: User["shortcuts"] }
    | { type: "list_loaded"; conversations: Conversation[]; next: string | null; list_version: string; isMore: boolean }
    | { type: "stopped_locally"; turn: string }
    | { type: "stop_failed"; turn: string }
    | { type: "follow_sent" }
    | { type: "socket_connecting" }
    | { type: "socket_lost"; attempt: number; retryAt: number | null; isOffline: boolean };

  type Change = Frame | LocalChange;

  /** A command that did not work. `reason` is "network" when no answer came at all. */
  interface Failure {
    reason: string;
    sentence: string;
    advice: string;
    fields: Record<string, string>;
    /** HTTP status; 0 when no answer came. */
    status: number;
  }

  /** A question that the server has not confirmed yet. */
  interface Pending {
    clientId: string;
    conversation: string | null;
    /** The chosen bot when the question begins a conversation. */
    bot: string | null;
    text: string;
    files: Attachment[];
    /** What a workflow is to be started with. */
    parameters?: Record<string, unknown>;
    state: "sending" | "failed";
    failure: Failure | null;
  }

  interface Socket {
    state: "idle" | "connecting" | "caught_up" | "lost";
    /** How many times connecting has failed since it last worked. */
    attempt: number;
    /** When the next try comes (ms since 1970), or null. */
    retryAt: number | null;
    isOffline: boolean;
    isSignedOut: boolean;
  }

  interface State {
    user: User;
    bots: Bot[];
    /** The open conversation; null on the start page. */
    conversation: Conversation | null;
    /** Sorted by ordinal; a turn that did not change keeps its identity. */
    turns: Turn[];
    hasOlder: boolean;
    /** As the page was printed: later ones come as changes. */
    draft: QuestionDraft;
    conversations: Conversation[];
    /** Cursor of the next page of the list, or null. */
    next: string | null;
    listVersion: string;
    socket: Socket;
    pending: Pending[];
    /** Turns stopped in this tab whose cut the server has not confirmed: their text stands still. */
    stopping: string[];
    /** When the live turn last moved (ms), or null when none is live. */
    silentSince: number | null;
    /** The highest version of a turn that came by page or socket: what `follow` names. */
    version: number;
    /** False from a gap (or an opening, or a lost socket) until `caught_up`. */
    isFollowing: boolean;
    /** What the reducer wants done: send `follow`, fetch the list. */
    needs: { follow: boolean; list: boolean };
    sentences: Record<string, Sentence>;
    settings: { sendsWithEnter: boolean; silenceSeconds: number; undoSeconds: number; maxQuestionChars: number; maxCommentChars: number; maxFileBytes: number; };
    feedbackReasons: Reason[];
  }

  interface Store {
    get(): State;
    dispatch(change: Change): void;
    /** The listener runs after every change, also one that altered nothing (e.g. `notice`). Returns unsubscribe. */
    subscribe(listener: (state: State, change: Change) => void): () => void;
  }

  /**
   * What page.js hands to every element that has a `page` setter, once, after the document is there. Beside it
   * page.js hears these bubbling CustomEvents:
   *   ask {text, bot?, files?, …}  send a question (bot: uuid, only where no conversation is open; the rest: Asking.ask)
   *   open-conversation {id|null, push, turn?}   show another conversation, or the start screen, without a reload;
   *                                it scrolls to `turn`, which search found
   *   stop-turn {turn}             stop it: frozen at once
   * and hands on `compose` {text, files?}: put this into the composer (chat-composer listens on the document).
   */
  interface Page {
    store: Store;
    commands: Commands;
    /** Resend or forget a question of `state.pending`. */
    retry(clientId: string): void;
    drop(clientId: string): void;
    /** Connect now instead of at `socket.retryAt`. */
    reconnect(): void;
    /** Turns before the first one shown, down to `until` in one go; resolves when they are in the store. */
    loadOlder(until?: string): Promise<void>;
    /** The next page of the list; resolves when it is in the store. */
    loadMoreRows(): Promise<void>;
  }

  /** Every command answers with parsed JSON or throws a CommandFailed with a `failure` (lib/commands.js). */
  interface Commands {
    get(path: string): Promise<any>;
    post(path: string, body?: object): Promise<any>;
  }

  /** Where a tool below an answer stands (elements/answer-tools.js). */
  interface AnswerPlace {
    message: Message;
    turn: Turn;
    isLastTurn: boolean;
    /** Of its turn. */
    isLastAnswer: boolean;
    page: Page;
  }

  /** An element that page.js connects. */
  interface PageElement extends HTMLElement {
    page: Page;
  }
}

/** Django's JavaScriptCatalog. */
declare function gettext(text: string): string;
declare function ngettext(singular: string, plural: string, count: number): string;
declare function interpolate(format: string, values: unknown, named?: boolean): string;
